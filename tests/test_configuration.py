"""The options that keep prose and code together: what each is for, and that none is dropped or changed by accident."""

import json
import tomllib

import pytest
import yaml
from conftest import ROOT

MKDOCS = {
    "exclude_docs": ("/literate/\n/publish/\n/theme/\n", "the engine and the templates would be published"),
    "not_in_nav": ("/booklet.md", "the booklet, which the other pages link to, would stop a strict build"),
    "watch": (["snippets"], "a change of the program would not be shown at once"),
    "plugins: literate": (None, "nobody would tell the engine which page is being read"),
    "plugins: literate: pdf": (["CHROMIUM", ""], 'nobody could ask for the booklet\'s PDF; it was !ENV [CHROMIUM, ""]'),
    "extra_css: assets/style.css": (None, "the pages would have no style"),
    "extra_css: assets/claims.css": (None, "evidence would stand open behind every claim"),
    "extra_css: assets/network.css": (None, "a network would be shown for every example and iteration at once"),
    "extra_css: assets/program.css": (None, "the program page would have no style"),
    "extra_css: assets/run.css": (None, "the buttons that run the program would have no style"),
    "extra_css: assets/practise.css": (None, "what belongs to a choice would be shown before it is made"),
    "extra_css: assets/access.css": (None, "some colours, targets and focus marks would not be seen well enough"),
    "extra_css: assets/print.css": (None, "the booklet would not print as one"),
    "extra_javascript": (None, "the tabs would not follow each other"),
    "extra: python_host": (None, "readers' browsers would have nowhere to take Python from"),
    "markdown_extensions: literate": (None, "embeds and values would stand on the page as they are typed"),
    "markdown_extensions: literate: keep": (
        ["LITERATE_KEEP", "true"],
        "every build would play every page; it was !ENV [LITERATE_KEEP, true]",
    ),
    "markdown_extensions: admonition": (None, "notes would be shown as plain text"),
    "markdown_extensions: attr_list": (None, "values and line numbers could not be told from other text"),
    "markdown_extensions: md_in_html": (None, "Markdown in HTML would be shown as it is typed"),
    "markdown_extensions: tables": (None, "tables would be shown as plain text"),
    "markdown_extensions: toc: permalink": ("true", "headings could not be linked to"),
    "markdown_extensions: pymdownx.blocks.caption": (None, "embeds would have no caption"),
    "markdown_extensions: pymdownx.blocks.details: types": (
        [{"name": "figure", "class": "figure"}],
        "the code that drew a figure would not fold",
    ),
    "markdown_extensions: pymdownx.blocks.html": (None, "the listing would have no gutter"),
    "markdown_extensions: pymdownx.details": (None, "answers would not fold"),
    "markdown_extensions: pymdownx.highlight: linenums_style": (
        "pymdownx-inline",
        "a cell's numbers could come apart from its lines",
    ),
    "markdown_extensions: pymdownx.highlight: stripnl": ("false", "an output's first empty lines would not be shown"),
    "markdown_extensions: pymdownx.superfences": (None, "fences in lists and notes would not be code"),
    "markdown_extensions: pymdownx.tabbed: alternate_style": ("true", "tabs would not be shown as tabs"),
    "plugins: search": (None, "the site could not be searched"),
    "plugins: search: separator": (
        r"""[\s\-,:!=\[\]()"*/]+|\.(?!\d)""",
        "the parts of np.random.seed could not be found",
    ),
    "plugins: mkdocs-jupyter: include": (["*.ipynb"], "pages would be taken for notebooks"),
    "plugins: mkdocs-jupyter: ignore": (["*.md"], "every page would be read twice"),
    "plugins: mkdocs-jupyter: execute": ("true", "the notebook's page would show no outputs"),
    "plugins: mkdocs-jupyter: allow_errors": ("false", "an error in the notebook would be published"),
    "plugins: mkdocs-jupyter: include_source": ("true", "the notebook could not be downloaded"),
    "validation: omitted_files": ("warn", "a page that is not under nav would pass"),
    "validation: absolute_links": ("warn", "a link that only works at one address would pass"),
    "validation: unrecognized_links": ("warn", "a link that leads nowhere would pass"),
    "validation: anchors": ("warn", "a link to a heading that is gone would pass"),
}
PYTEST = {
    "testpaths": (["tests", "docs", "README.md"], "some pages would not be run"),
    "addopts": (["-p", "literate.check.testing", "--strict-markers"], "pages would be skipped in silence"),
}
TEXT = (ROOT / "mkdocs.yml").read_text()
TREE = yaml.compose(TEXT)


@pytest.mark.parametrize("option", MKDOCS)
def test_an_option_of_the_site_is_there(option):
    value, why = MKDOCS[option]
    found, line, left = _follow(TREE, option.split(": "))
    assert not left, f"mkdocs.yml:{line}: `{option}` is gone, and {why}; write {_written(left, value)} here"
    if value is not None:
        is_value = yaml.load(TEXT[found.start_mark.index : found.end_mark.index], yaml.BaseLoader)
        assert is_value == value, f"mkdocs.yml:{line}: `{option}` is {is_value}, and {why}; write {_written([], value)}"


@pytest.mark.parametrize("option", PYTEST)
def test_an_option_of_the_tests_is_there(option):
    value, why = PYTEST[option]
    text = (ROOT / "pyproject.toml").read_text()
    section = "[tool.pytest.ini_options]"
    assert section in text, f"pyproject.toml:1: {section} is gone, and {why}; put it back"
    line = text[: text.find(f"\n{option} =") + 1 or text.index(section)].count("\n") + 1
    found = tomllib.loads(text)["tool"]["pytest"]["ini_options"].get(option)
    assert found == value, f"pyproject.toml:{line}: `{option}` is {found}, and {why}; write {option} = {json.dumps(value)}"


def _follow(node, names):
    """Return the node that some names lead to, the line of the last that is there, and the names that are not."""
    line = 1
    for number, name in enumerate(names):
        items = node.value if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) else []
        pairs = []
        for item in items:
            match item:
                case tuple():
                    pairs.append(item)
                case yaml.MappingNode():
                    pairs += item.value
                case _:
                    pairs.append((item, item))
        pair = next(((key, value) for key, value in pairs if key.value == name), None)
        if pair is None:
            return node, line, names[number:]
        line, node = pair[0].start_mark.line + 1, pair[1]
    return node, line, []


def _written(names, value):
    return (
        "`" + ": ".join([*names, *([value if isinstance(value, str) else json.dumps(value)] if value is not None else [])]) + "`"
    )
