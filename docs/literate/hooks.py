"""What only MkDocs needs: to be told which page is rendered, and to stop without a traceback."""

from mkdocs.exceptions import Abort

from literate.page import PageError


def on_page_markdown(markdown, page, config, files):
    config.mdx_configs.setdefault("literate", {})["page"] = page.file.abs_src_path
    return markdown


def on_build_error(error):
    if isinstance(error, PageError):
        raise Abort("Stopped at the first error of the pages.") from error
