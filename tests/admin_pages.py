"""What the tests of all admin pages do and look at."""

from typing import Any


def text(response: Any) -> str:
    page: str = response.content.decode()
    return page


def listed(response: Any) -> set[str]:
    """The rows of a list, as they call themselves."""
    return {str(row) for row in response.context["cl"].result_list}


def run_action(client: Any, page: str, action: str, *rows: Any, **fields: str) -> Any:
    """Select rows of a list and run an action on them."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(page, data, follow=True)
