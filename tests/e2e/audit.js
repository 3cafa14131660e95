// What is wrong with the page for someone who reads it with their ears, with a keyboard, or small.
// Returns a list of sentences.
() => {
  const problems = [];
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const show = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 120);
  const check = (isRight, what, element) => {
    if (!isRight) problems.push(element ? `${what}: ${show(element)}` : what);
  };

  check(document.documentElement.lang, "the page has no language");
  check(document.title.trim(), "the page has no title");
  for (const landmark of ["header.site-header", "main", "footer.site-footer"]) {
    check(all(landmark).length === 1, `not one ${landmark}`);
  }
  for (const nav of all("nav")) {
    check(nav.hasAttribute("aria-label") || nav.hasAttribute("aria-labelledby"), "nameless", nav);
  }

  const ids = all("[id]").map((element) => element.id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  check(!twice.length, `ids that are there twice: ${twice}`);
  for (const attribute of ["for", "aria-describedby", "aria-labelledby"]) {
    for (const element of all(`[${attribute}]`)) {
      const missing = element.getAttribute(attribute).split(/\s+/).filter((id) => !ids.includes(id));
      check(!missing.length, `${attribute} names what is not there: ${missing}`, element);
    }
  }

  const levels = all("h1, h2, h3, h4, h5, h6").map((heading) => Number(heading.tagName[1]));
  check(levels.filter((level) => level === 1).length === 1, `headings of level 1: ${levels}`);
  check(levels.every((level, i) => i === 0 || level <= levels[i - 1] + 1), `skips: ${levels}`);

  const nameOf = (element) => {
    const pictures = [...element.querySelectorAll("img")].map((image) => image.alt);
    const texts = [element.getAttribute("aria-label"), element.textContent, element.title];
    return [...texts, ...pictures].join("").trim();
  };
  for (const field of all("input:not([type=hidden]), select, textarea, progress")) {
    check(field.labels.length || nameOf(field), "a field without a label", field);
  }
  for (const control of all("a[href], button, summary")) check(nameOf(control), "nameless", control);
  for (const image of all("img")) check(image.hasAttribute("alt"), "an image without alt", image);
  for (const picture of all("svg")) {
    const title = picture.querySelector("title")?.textContent;
    check(title || picture.closest("[aria-hidden=true]"), "a picture without a name", picture);
  }

  const root = document.documentElement;
  if (root.scrollWidth > window.innerWidth) {
    const wide = all("main *").filter((e) => e.getBoundingClientRect().right > window.innerWidth);
    check(false, `${root.scrollWidth}px wide`, wide.at(-1) ?? root);
  }

  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const paint = (colours) => {
    brush.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      brush.fillStyle = colour;
      brush.fillRect(0, 0, 1, 1);
    }
    return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (text, ground) => {
    const [low, high] = [luminance(text), luminance(ground)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const groundsOf = (element) => {
    const grounds = [];
    for (let e = element; e; e = e.parentElement) grounds.unshift(getComputedStyle(e));
    return grounds;
  };
  const isRead = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    !element.closest("svg, script, style, noscript, .visually-hidden, .skip-link, :disabled");
  const hasText = (element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  for (const element of all("body *").filter((e) => hasText(e) && isRead(e))) {
    const style = getComputedStyle(element);
    const grounds = groundsOf(element);
    if (grounds.some((ground) => ground.backgroundImage !== "none")) continue;
    const colours = ["Canvas", ...grounds.map((ground) => ground.backgroundColor)];
    const ratio = contrast(paint([...colours, style.color]), paint(colours));
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    check(ratio >= (isLarge ? 3 : 4.5), `contrast ${ratio.toFixed(2)}`, element);
  }
  return problems;
}
