"""What Sphinx is told; build.py, beside this file, prepares the sources and calls it."""

from typing import Any

import autograd

project = "pathgrad"
author = "The pathgrad developers"
version = release = autograd.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.mathjax"]
nb_execution_mode = "off"  # notebooks show the outputs that they were committed with
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "amsmath"]
myst_heading_anchors = 4  # as a code host has them, so that the same links work in both
myst_dmath_double_inline = True
suppress_warnings = ["myst.header"]  # a notebook's sections may begin below its title
smartquotes = False  # "same" is what one types
python_maximum_signature_line_length = 80
python_use_unqualified_type_names = True

html_theme = "furo"
pygments_dark_style = "github-dark"
html_title = f"pathgrad {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_search_summary = False  # fetching pages for it is forbidden where the site is read from disk
html_show_sphinx = False
html_show_copyright = False
html_domain_indices = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#0b5394", "color-brand-content": "#0b5394"},
    "dark_css_variables": {"color-brand-primary": "#8ab4f8", "color-brand-content": "#8ab4f8"},
}
mathjax_path = "mathjax.js"
mathjax_options = {"async": "async"}  # the text is there to be read before its formulas are set
mathjax3_config = {"options": {"enableMenu": False}, "svg": {"fontCache": "local"}}


def say_the_language(_app: object, page: str, _template: str, context: dict[str, Any], _tree: object) -> None:
    """Korean pages say so, to browsers and screen readers."""
    if page.startswith("notebooks/ko/"):
        context["language"] = "ko"


def setup(app: Any) -> None:
    """What Sphinx calls."""
    app.connect("html-page-context", say_the_language)
