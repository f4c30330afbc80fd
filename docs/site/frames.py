"""Live pages in frames, such as a stepper's: the page around them says the language, so they show no button for it."""

BUTTON = "&lt;button id=&quot;language&quot;"  # as it stands in srcdoc


def without_language(page: str) -> str:
    """The HTML of the page with frames that have the language of their notebook."""
    return page.replace(BUTTON, BUTTON.replace("button ", "button hidden "))
