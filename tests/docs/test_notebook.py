"""The example notebooks run, and show tables as pictures."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from machinery.pages import ROOT
from nbclient import NotebookClient

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


@pytest.fixture(scope="module")
def executed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> nbformat.NotebookNode:
    """A notebook, run by this very interpreter."""
    kernels = tmp_path_factory.mktemp("jupyter")
    spec = kernels / "kernels" / "python3"
    spec.mkdir(parents=True)
    words = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec.joinpath("kernel.json").write_text(json.dumps({"argv": words, "display_name": "Python 3"}))
    path = os.pathsep.join([os.environ["HASHTABLE_BUILT"], os.environ.get("PYTHONPATH", "")])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", str(kernels))
        patch.setenv("PYTHONPATH", path)
        patch.setenv("IPYTHONDIR", str(kernels / "ipython"))
        notebook = nbformat.read(ROOT / "examples" / request.param, as_version=4)
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    return notebook


def shown(notebook: nbformat.NotebookNode, kind: str) -> list[Any]:
    """What its cells show, of a MIME type."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    return [output.data[kind] for output in outputs if kind in output.get("data", {})]


@pytest.mark.parametrize("executed", ["bins.ipynb"], indirect=True)
def test_tables_are_pictures_and_statistics_are_a_table(executed: nbformat.NotebookNode) -> None:
    words, apart, spread = shown(executed, "image/svg+xml")
    assert "'quick'" in words
    assert "the longest chain 1000" in apart
    assert "the longest chain 3" in spread or "the longest chain 2" in spread
    (stats,) = shown(executed, "text/html")
    assert "<th>longest_chain</th><td>3</td>" in stats
    assert shown(executed, "text/plain")[-1] == "1"


@pytest.mark.parametrize("executed", ["explorer.ipynb"], indirect=True)
def test_an_explorer_is_a_widget(executed: nbformat.NotebookNode) -> None:
    first, second = shown(executed, "application/vnd.jupyter.widget-view+json")
    states = executed.metadata.widgets["application/vnd.jupyter.widget-state+json"]["state"]
    programs = [states[each["model_id"]]["state"]["program"] for each in (first, second)]
    assert programs[0]["code"].endswith("hash_func = by_length\n")
    assert [key for _, key, _ in programs[0]["operations"]][:2] == ["'the'", "'quick'"]
    assert (programs[1]["code"], programs[1]["watch"]) == ("hash_func = hash\n", "'spam'")
    assert all("export" in states[each["model_id"]]["state"]["_esm"] for each in (first, second))


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_kept_without_what_it_shows(notebook: Path) -> None:
    cells = nbformat.read(notebook, as_version=4).cells
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)


def test_the_extension_can_be_taken_off_again() -> None:
    from IPython.core.interactiveshell import InteractiveShell

    sys.path.insert(0, os.environ["HASHTABLE_BUILT"])
    import hashtable

    import hashtable_lab

    assert Path(hashtable_lab.__file__).is_relative_to(os.environ["HASHTABLE_BUILT"])
    shell = InteractiveShell()
    table = hashtable.HashTable()
    for change, there in (
        (hashtable_lab.load_ipython_extension, True),
        (hashtable_lab.unload_ipython_extension, False),
    ):
        change(shell)
        data, _ = shell.display_formatter.format(table)
        assert ("image/svg+xml" in data) == there
