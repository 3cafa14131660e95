// The map of a search, from the points that the page has as data. It runs each time that one is
// swapped in. Points that would lie on each other are one marker, which comes apart on a click.
(() => {
  const APART = 40; // pixels
  const box = document.getElementById("map");
  const points = JSON.parse(document.getElementById("map-points").textContent);
  if (!points.length) return;

  const element = (name, className, ...children) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  };

  const linkTo = (url, text) => {
    const link = element("a", "", text);
    link.href = url;
    return link;
  };

  const mostExact = Number(box.dataset.mostExact);
  const counted = (total) =>
    total > mostExact ? `${mostExact.toLocaleString("en")}+` : total.toLocaleString("en");
  const many = (total) => `${counted(total)} ${total === 1 ? "event" : "events"}`;

  const contentOf = (point) => {
    if (!point.events.length) {
      return element("div", "map-card", linkTo(point.url, `${many(point.total)} in ${point.title}`));
    }
    const items = point.events.map(({ title, url, when }) =>
      element("li", "", linkTo(url, title), element("span", "", when)),
    );
    const more = point.total - items.length;
    const card = element("div", "map-card", element("p", "", point.title), element("ul", "", ...items));
    if (more > 0) card.append(element("p", "", `and ${counted(more)} more in the list`));
    return card;
  };

  const nameOf = (point) =>
    point.events.length === 1 ? point.events[0].title : `${point.title}: ${many(point.total)}`;

  const marker = (position, title, total) => {
    const icon = L.divIcon({
      className: total === 1 ? "map-pin" : "map-pin map-many",
      html: element("span", "", total === 1 ? "" : counted(total)),
      iconSize: null,
    });
    const made = L.marker(position, { icon, title, riseOnHover: true });
    made.on("add", () => made.getElement().setAttribute("aria-label", title));
    return made;
  };

  const markerOfPoint = (point) => {
    const made = marker(point.position, nameOf(point), point.total);
    made.bindPopup(contentOf(point), { minWidth: 200, maxWidth: 280, autoPanPadding: [16, 16], offset: [0, -8] });
    made.on("popupopen", ({ popup }) => popup.getElement().querySelector("a")?.focus({ preventScroll: true }));
    made.on("popupclose", ({ popup }) => {
      const focused = document.activeElement;
      const isLost = focused === document.body || popup.getElement()?.contains(focused);
      if (isLost) made.getElement()?.focus({ preventScroll: true });
    });
    return made;
  };

  const markerOfGroup = (group) => {
    const total = group.reduce((sum, point) => sum + point.total, 0);
    const bounds = L.latLngBounds(group.map(({ position }) => position));
    const title = `${many(total)} in ${group.length} places: look closer`;
    const made = marker(bounds.getCenter(), title, total);
    const goCloser = () => map.fitBounds(bounds.pad(0.2), { maxZoom: Math.max(map.getZoom() + 2, 13) });
    made.on("click", goCloser);
    made.on("keypress", ({ originalEvent }) => {
      if (originalEvent.key === "Enter") goCloser();
    });
    return made;
  };

  const groupsAtZoom = () => {
    const isClosest = map.getZoom() >= map.getMaxZoom();
    const groups = [];
    for (const point of points) {
      const at = map.project(point.position);
      const near = !isClosest && groups.find((group) => group.at.distanceTo(at) < APART);
      if (near) near.points.push(point);
      else groups.push({ at, points: [point] });
    }
    return groups.map((group) => group.points);
  };

  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  box.hidden = false;
  const map = L.map(box, {
    fadeAnimation: !isCalm,
    markerZoomAnimation: !isCalm,
    zoomAnimation: !isCalm,
    scrollWheelZoom: false,
    worldCopyJump: true,
    zoomControl: false,
  });
  L.control.zoom({ position: "bottomleft" }).addTo(map); // where no popup goes
  const markers = L.layerGroup().addTo(map);
  const draw = () => {
    const hadFocus = box.contains(document.activeElement) && document.activeElement.matches(".map-pin");
    markers.clearLayers();
    for (const group of groupsAtZoom()) {
      markers.addLayer(group.length === 1 ? markerOfPoint(group[0]) : markerOfGroup(group));
    }
    if (hadFocus) box.focus({ preventScroll: true });
  };

  map.attributionControl.setPrefix(false);
  // Tile servers want to know which site asks; which page of it is none of their business.
  L.tileLayer(box.dataset.tiles, {
    attribution: element("span", "", box.dataset.attribution).innerHTML,
    maxZoom: 19,
    referrerPolicy: "strict-origin",
  }).addTo(map);
  map.on("zoomend", draw);
  box.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") map.closePopup();
  });
  map.fitBounds(L.latLngBounds(points.map(({ position }) => position)).pad(0.1), { maxZoom: 13 });
})();
