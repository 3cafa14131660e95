import re
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string


def compose_mail(
    *,
    template: str,
    subject: str,
    recipient: str,
    message_id: str,
    context: Mapping[str, object],
    reply_to: Sequence[str] = (),
    unsubscribe_url: str = "",
) -> EmailMultiAlternatives:
    """A mail in HTML and as text. ``template`` is the name that both share, without its ending;
    they are given the ``site`` and the ``subject`` too.

    With ``unsubscribe_url``, mail programs show a button that ends such mails at one click, by an
    empty-handed POST to it (RFC 8058).
    """
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    shown = {"site": settings.PUBLIC_URL, "subject": subject, **context}
    mail = EmailMultiAlternatives(
        subject=subject,
        body=_tidy(render_to_string(f"{template}.txt", shown)),
        to=[recipient],
        reply_to=list(reply_to),
        headers=headers,
    )
    mail.attach_alternative(render_to_string(f"{template}.html", shown), "text/html")
    return mail


def absolute(path: str) -> str:
    return settings.PUBLIC_URL + path


def one_line(text: str) -> str:
    """As it may stand in a subject, whatever was typed or imported."""
    return " ".join(text.split())


def _tidy(text: str) -> str:
    """Without the blank lines and spaces that tags leave behind."""
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
