from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from codeshare.cli.main import codeshare
from codeshare.metrics.queries import query_names
from tests.cli.conftest import Run
from tests.histories import History, clean_environment

CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"


@pytest.fixture
def project(history: History) -> History:
    """Ten lines by a person, thirty by an agent."""
    history.commit({"a.py": "".join(f"a_{n} = {n}\n" for n in range(10))}, "by hand")
    history.commit({"b.py": "".join(f"b_{n} = {n}\n" for n in range(30))}, "by an agent", trailers=[CLAUDE])
    return history


def test_share_has_the_fields_that_ci_reads(run: Run, project: History) -> None:
    assert run("--db", "x.duckdb", "mine", str(project.path)).returncode == 0
    done = run("--db", "x.duckdb", "share", "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {
        "schema_version", "repo", "branch", "tip", "as_of", "basis", "period", "share", "share_strict", "share_high",
        "share_min", "share_max", "share_calibrated", "share_calibrated_low", "share_calibrated_high", "numerator", "denominator", "coverage", "unknown",
    }  # fmt: skip
    wanted = {"repo": "project", "branch": "main", "basis": "landed", "share": 0.75, "share_min": 0.0, "share_max": 1.0, "numerator": 30, "denominator": 40, "unknown": 0.0, "tip": project.head()}  # fmt: skip
    assert {key: answer[key] for key in wanted} == wanted


@pytest.mark.parametrize(("form", "parse"), [("json", json.loads), ("csv", lambda text: list(csv.DictReader(io.StringIO(text)))), ("markdown", str.splitlines), ("table", str.splitlines)])  # fmt: skip
def test_every_format(
    run: Run,
    project: History,
    mined_once: Callable[..., Path],
    form: str,
    parse: Callable[[str], list[object]],
) -> None:
    mined_once(project, name="x.duckdb")
    done = run("--db", "x.duckdb", "share", "--by", "month", "--format", form)
    assert done.returncode == 0, done.stderr
    assert len(parse(done.stdout)) >= 1


def test_scopes_of_the_share(run: Run, project: History, mined_once: Callable[..., Path]) -> None:
    project.git("tag", "start", "HEAD~1")
    mined_once(project, name="x.duckdb")
    shares = {}
    for name, args in {
        "path": ["--path", "b.py"],
        "range": ["--range", "start..main"],
        "none": ["--since", "2026-01-06"],
    }.items():
        done = run("--db", "../x.duckdb", "share", "--format", "json", *args, cwd=project.path)
        shares[name] = json.loads(done.stdout)["share"] if done.returncode == 0 else done.returncode
    assert shares == {"path": 1.0, "range": 1.0, "none": 3}


def test_report_writes_everything_and_says_the_headline(run: Run, project: History, tmp_path: Path) -> None:
    done = run("report", cwd=project.path)
    assert done.returncode == 0, done.stderr
    assert "database:" in done.stderr
    assert (project.path / "codeshare-report" / "report.html").is_file()
    assert done.stdout.strip().endswith("report.html")
    assert project.git("status", "--porcelain") == "?? codeshare-report/"
    done = run("report", "-o", str(tmp_path / "out"), cwd=project.path)
    written = {
        str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert {"report.html", "report.md", "charts/share-monthly.svg", "charts/share-monthly.png"} <= written
    assert any(name.startswith("tables/") for name in written)
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Ann Lee" not in html
    assert "ann@example.org" not in html


@pytest.mark.thorough
def test_a_report_to_explore_is_a_second_file(run: Run, project: History, tmp_path: Path) -> None:
    done = run("report", "--explore", "-o", str(tmp_path / "out"), cwd=project.path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("explore.html")
    page = (tmp_path / "out" / "explore.html").read_text(encoding="utf-8")
    assert "Ann Lee" not in page
    assert "vegaEmbed" in page


@pytest.mark.thorough
def test_a_report_of_one_repository_of_many(run: Run, project: History, tmp_path: Path) -> None:
    other = History(tmp_path / "other")
    other.commit({"c.py": "c = 1\n"})
    run("mine", str(project.path), str(other.path))
    assert run("report", str(other.path), "-o", "out").returncode == 0
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "project" not in page


@pytest.mark.thorough
def test_a_report_compares_two_repositories(run: Run, project: History, tmp_path: Path) -> None:
    others = [History(tmp_path / name) for name in ("other", "third")]
    for other in others:
        other.commit({"c.py": "c = 1\n"})
    run("mine", str(project.path), *(str(other.path) for other in others))
    done = run("--db", "codeshare.duckdb", "report", "--compare", "project", "other", "-o", "out")
    assert done.returncode == 0, done.stderr
    said = "No difference can be told between project and other: too little was merged on one side or both."
    assert said in " ".join(done.stdout.split())
    page = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "## Compared: project and other" in page
    assert "third" not in page


@pytest.mark.thorough
def test_what_is_not_there_is_not_compared(
    run: Run, project: History, tmp_path: Path, mined_once: Callable[..., Path]
) -> None:
    other = History(tmp_path / "other")
    other.commit({"c.py": "c = 1\n"})
    mined_once(project, other, name="codeshare.duckdb")
    done = run("--db", "codeshare.duckdb", "report", "--compare", "2019", "2026", "-o", "out")
    assert done.returncode == 2
    assert done.stderr.endswith("period 2019: no commit of it was merged. Compare another.\n")
    done = run("--db", "codeshare.duckdb", "report", "--compare", "projekt", "other", "-o", "out")
    assert done.returncode == 2
    assert done.stderr.endswith(
        "no repository, team, tool or period of that name; did you mean repository:project?\n"
    )


@pytest.mark.thorough
def test_a_report_of_a_database_of_others_mines_nothing(run: Run, project: History, tmp_path: Path) -> None:
    other = History(tmp_path / "other")
    other.commit({"c.py": "c = 1\n" * 300})
    run("--db", "company.duckdb", "mine", str(other.path))
    database = ["--db", str(tmp_path / "company.duckdb")]

    def held() -> str:
        return run(*database, "sql", "select repo from repos order by repo", "--format", "csv").stdout

    done = run(*database, "report", "--terminal", cwd=project.path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("warning: ")
    assert done.stderr.count("\n") == 1
    assert "holds other repositories and not project: nothing is mined" in done.stderr
    assert held() == "repo\nother\n"
    assert "other" in done.stdout

    done = run(*database, "report", ".", "--terminal", cwd=project.path)
    assert "project (main): mined, 2 commits." in done.stderr
    assert held() == "repo\nother\nproject\n"
    project.commit({"d.py": "d = 1\n"})
    done = run(*database, "report", "--terminal", cwd=project.path)
    assert done.stderr == "project (main): mined, 3 commits.\n"


@pytest.mark.parametrize(
    "exists", [pytest.param(False, marks=pytest.mark.thorough), True], ids=["new", "empty"]
)
def test_a_report_fills_a_database_that_holds_nothing(
    run: Run, project: History, tmp_path: Path, exists: bool
) -> None:
    from codeshare.store.database import open_database

    database = tmp_path / "new.duckdb"
    if exists:
        open_database(database, write=True).close()
    done = run("--db", str(database), "report", "--terminal", cwd=project.path)
    assert done.stderr == "project (main): mined, 2 commits.\n"


@pytest.mark.thorough
@pytest.mark.parametrize("names", [False, True])
def test_subjects_leave_with_names_only(run: Run, project: History, tmp_path: Path, names: bool) -> None:
    project.git("revert", "--no-edit", "HEAD", env=project.identity("Ann Lee <ann@example.org>"))
    run("report", *(["--names"] if names else []), "-o", str(tmp_path / "out"), cwd=project.path)
    table = tmp_path / "out" / "tables" / "commits_left_out.csv"
    assert table.exists() == names  # a commit's id leads to its author
    assert not names or 'Revert ""by an agent""' in table.read_text(encoding="utf-8")
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert ("Revert" in page) == names


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown"])
def test_a_scope_without_a_line_is_no_answer(
    run: Run, project: History, mined_once: Callable[..., Path], form: str
) -> None:
    mined_once(project, name="x.duckdb")
    done = run("--db", "x.duckdb", "share", "--path", "nothing/*", "--format", form)
    assert done.returncode == 3
    assert json.loads(done.stdout)["share"] is None if form == "json" else done.stdout == ""
    assert done.stderr.startswith("error: nothing/*: no line that counts was merged")
    assert done.stderr.count("\n") == 1


def test_a_range_need_not_be_mined(run: Run, project: History, mined_once: Callable[..., Path]) -> None:
    mined_once(project, name="x.duckdb")
    project.commit({"c.py": "c = 1\n"}, trailers=[CLAUDE])
    for database in ("../x.duckdb", "../none.duckdb"):
        done = run("--db", database, "share", "--range", "HEAD~1..HEAD", "--format", "json", cwd=project.path)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert (answer["share"], answer["denominator"], answer["tip"]) == (1.0, 1, project.head())
    assert not (project.path.parent / "none.duckdb").exists()


def test_repositories_of_the_configuration(run: Run, project: History, tmp_path: Path) -> None:
    (tmp_path / "codeshare.toml").write_text(
        '[[repo]]\npath = "project"\nname = "widgets"\nbranch = "main"\n'
    )
    done = run("mine")
    assert "widgets (main): mined, 2 commits." in done.stderr
    done = run("mine", "widgets")
    assert "widgets (main): is up to date, 2 commits." in done.stderr


def test_sql_reads_and_reaches_nothing_else(
    run: Run, project: History, mined_once: Callable[..., Path], tmp_path: Path
) -> None:
    mined_once(project, name="codeshare.duckdb")
    assert run("sql", "select count(*) as n from commits", "--format", "csv").stdout == "n\n2\n"
    for statement in (
        "delete from commits",
        "copy commits to 'out.csv'",
        "from read_csv('/etc/passwd')",
        "attach 'y.duckdb'",
        "set enable_external_access = true",
        "nonsense",
    ):
        done = run("sql", statement)
        assert done.returncode == 2, statement
        assert done.stdout == ""
    assert not (tmp_path / "out.csv").exists()


def test_sql_of_files_with_parameters_that_writes_and_reaches_out_when_asked(
    run: Run, project: History, mined_once: Callable[..., Path], tmp_path: Path
) -> None:
    mined_once(project, name="codeshare.duckdb")
    script = tmp_path / "questions.sql"
    script.write_text(
        "select count(*) as n from commits where merged_at >= $since;\nselect 'a;b' as words",
        encoding="utf-8",
    )
    done = run("sql", "-f", str(script), "--param", "since=1971-01-01", "--format", "csv")
    assert done.stdout == "n\n2\nwords\na;b\n"
    assert run("sql", "create table mine_too as select 7 as seven", "--write").returncode == 0
    assert run("sql", "from mine_too", "--format", "csv").stdout == "seven\n7\n"
    assert run("sql", f"copy (select 8 as eight) to '{tmp_path}/out.csv'", "--write").returncode == 2
    assert run("sql", f"copy (select 8 as eight) to '{tmp_path}/out.csv'", "--external").returncode == 0
    assert (tmp_path / "out.csv").read_text() == "eight\n8\n"
    assert run("--db", "nowhere.duckdb", "sql", "select 1", "--write").returncode == 2
    assert not (tmp_path / "nowhere.duckdb").exists()


@pytest.mark.thorough
def test_every_query_answers(run: Run, project: History, mined_once: Callable[..., Path]) -> None:
    mined_once(project, name="codeshare.duckdb")
    for name in query_names():
        assert run("query", name, "--format", "csv").returncode == 0, name


def test_queries(run: Run, project: History, mined_once: Callable[..., Path]) -> None:
    mined_once(project, name="codeshare.duckdb")
    names = [row["query"] for row in json.loads(run("query", "--list", "--format", "json").stdout)]
    assert {"volume_quarterly", "ai_share_monthly", "headline"} <= set(names) == set(query_names())
    assert run("query", "headline", "--format", "csv").returncode == 0
    done = run("query", "volume_quartely")
    assert done.returncode == 2
    assert "volume_quarterly" in done.stderr
    assert run("query", "ai_share", "--param", "part=quarter", "--format", "csv").stdout.count("\n") == 2
    assert "select" in run("query", "headline", "--show").stdout


def test_definitions_and_doctor(run: Run, project: History, mined_once: Callable[..., Path]) -> None:
    assert "Mainline" in run("definitions").stdout
    mined_once(project, name="codeshare.duckdb")
    assert run("doctor").stdout == "Nothing found that makes the figures doubtful.\n"
    project.commit(
        {"a.py": "z = 1\n"}, author="strange-thing[bot] <7+strange-thing[bot]@users.noreply.github.com>"
    )
    run("mine", str(project.path))
    assert "strange-thing" in run("doctor").stdout


def shallow(project: History) -> Path:
    clone = project.path.parent / "shallow"
    subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"file://{project.path}", str(clone)],
        check=True,
        env=clean_environment(),
    )
    return clone


def test_a_shallow_clone_is_never_an_answer(run: Run, project: History) -> None:
    clone = shallow(project)
    done = run("--db", "x.duckdb", "mine", str(clone))
    assert done.returncode == 0
    assert "git fetch --unshallow" in done.stderr
    for args in (["share"], ["report", "-o", "out"]):
        done = run("--db", "x.duckdb", *args)
        assert done.returncode == 3, args
        assert done.stdout == ""
        assert "shallow" in done.stderr
        assert done.stderr.count("\n") == 1
    assert run("--db", "x.duckdb", "share", "--allow-unknown").returncode == 0


def _empty(folder: Path) -> None:
    subprocess.run(
        ["git", "init", "--quiet", "-b", "main", str(folder / "empty")], check=True, env=clean_environment()
    )


def _text(folder: Path) -> None:
    (folder / "text.duckdb").write_text("this is no database\n" * 400)


def _foreign(folder: Path) -> None:
    import duckdb

    with duckdb.connect(str(folder / "foreign.duckdb")) as connection:
        connection.execute("create table mine (x integer)")


def _old(folder: Path) -> None:
    import duckdb

    with duckdb.connect(str(folder / "old.duckdb")) as connection:
        connection.execute("create table meta (key varchar, value varchar)")
        connection.execute("insert into meta values ('schema_version', '0.9')")


def _file(folder: Path) -> None:
    (folder / "file").write_text("text")


@pytest.mark.parametrize(
    ("prepare", "args", "status", "words"),
    [
        (None, ["mine", "nowhere"], 2, "there is no such folder"),
        (None, ["mine"], 2, "not a git repository"),
        (_empty, ["mine", "empty"], 3, "no commit yet on main"),
        (None, ["mine", "project", "--branch", "nope"], 2, "no branch 'nope'; its branches: main."),
        (_text, ["--db", "text.duckdb", "share"], 2, "not a DuckDB database"),
        (_text, ["--db", "text.duckdb", "mine", "project"], 2, "not a DuckDB database"),
        (_foreign, ["--db", "foreign.duckdb", "share"], 2, "not one that codeshare made"),
        (_foreign, ["--db", "foreign.duckdb", "mine", "project"], 2, "not one that codeshare made"),
        (_old, ["--db", "old.duckdb", "share"], 2, "has schema 0.9"),
        (None, ["--db", "none.duckdb", "share"], 2, "there is no such database"),
        (_file, ["report", "project", "-o", "file"], 2, "a file, not a folder"),
        (_file, ["report", "project", "-o", "file/out"], 2, "cannot be written"),
        (None, ["--config", "none.toml", "mine"], 2, "no such file"),
        (None, ["mine", "project", "--as-of", "yesterday"], 2, "write it as 2026-06-30"),
        (None, ["share", "--by", "fortnight"], 2, "fortnight"),
        (None, ["shore"], 2, "No such command"),
    ],
)
def test_wrong_input(run: Run, project: History, tmp_path: Path, prepare: Callable[[Path], None] | None, args: list[str], status: int, words: str) -> None:  # fmt: skip
    if prepare:
        prepare(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.glob("*.duckdb")}
    done = run(*args)
    assert done.returncode == status, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    if done.stderr.startswith("error: "):
        assert done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.glob("*.duckdb")} == before, (
        "nothing is left behind or changed"
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder(run: Run, project: History, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    done = run("report", "project", "-o", "closed/out")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert run("--db", "closed/x.duckdb", "mine", "project").returncode == 2


@pytest.mark.thorough
def test_a_database_in_use_is_waited_for_or_told(process: Run, project: History, tmp_path: Path) -> None:
    import duckdb

    process("--db", "x.duckdb", "mine", str(project.path))
    with duckdb.connect(str(tmp_path / "x.duckdb")):
        done = process("--db", "x.duckdb", "share")
        assert done.returncode == 2
        assert f"process {os.getpid()}" in done.stderr
        assert "--wait" in done.stderr
        assert process("--db", "x.duckdb", "--wait", "0.3", "mine", str(project.path)).returncode == 2
    assert process("--db", "x.duckdb", "--wait", "5", "share").returncode == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("titel = 'x'\n", "titel: unknown key, did you mean title?"),
        ("[[repo]]\npth = 'x'\n", "[[repo]] pth: unknown key, did you mean path?"),
        ("[[repo]]\nname = 'x'\n", "lacks 'path'"),
        ("baseline_since = 2024-02-01\n", "does not start one"),
        ("minimum_engineers = 'five'\n", "must be a whole number"),
        ("teams = 3\n", "must be a table of lists"),
        ("baseline_since = 2024-01-01T00:00:00\n", "must be a date"),
        ("holidays = [2024-01-01T00:00:00]\n", "must be a date"),
        ("[[rule\n", "not valid TOML"),
    ],
)
def test_wrong_settings_name_file_and_key(run: Run, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "codeshare.toml").write_text(text)
    done = run("mine")
    assert done.returncode == 2
    assert "codeshare.toml" in done.stderr
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_help_loads_nothing_heavy() -> None:
    script = "import sys, codeshare.cli.main, codeshare; print({'pandas', 'altair', 'duckdb', 'git', 'numpy', 'pyarrow', 'rich.table'} & set(sys.modules))"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        == "set()\n"
    )


def test_mining_loads_no_more_than_it_needs(project: History, tmp_path: Path) -> None:
    """pandas takes longer to load than a small repository to read; nothing new needs no arrays at all."""
    script = (
        "import sys\nfrom codeshare.cli.main import codeshare\n"
        "codeshare(['--db', 'x.duckdb', 'mine', sys.argv[1]], standalone_mode=False)\n"
        "print({'pandas', 'numpy', 'pyarrow'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", script, str(project.path)]

    def loaded() -> str:
        environment = clean_environment()
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout  # fmt: skip

    assert "pandas" not in loaded()
    assert loaded() == "set()\n"
    project.commit({"more.py": "x = 1\n"})
    assert "pandas" not in loaded()


@pytest.mark.parametrize("name", sorted(codeshare.commands))
def test_every_command_has_help(name: str) -> None:
    result = CliRunner().invoke(codeshare, [name, "--help"])
    assert result.exit_code == 0
    assert "\x08" not in result.output


def test_all_is_true() -> None:
    import codeshare as package

    assert package.__all__ == sorted(package.__all__)
    assert all(getattr(package, name) is not None for name in package.__all__)
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = package.nothing_such


def test_the_python_api_does_what_the_commands_do(project: History, tmp_path: Path) -> None:
    import codeshare as package

    (outcome,) = package.mine([project.path], tmp_path / "api.duckdb")
    assert (outcome.repo, outcome.commits) == ("project", 2)
    with package.open_database(tmp_path / "api.duckdb") as database:
        assert package.shares(database)["share"].tolist() == [0.75]
        assert "ratio_median" in package.volume(database)
        assert package.query(database, "top_tools")["tool"].tolist() == ["Claude Code"]
        written = package.write_report(database, tmp_path / "out")
    assert tmp_path / "out" / "report.html" in written


@pytest.mark.parametrize(
    ("options", "measured"), [(["--quality"], 2), (["--quality-sample", "1"], 1), ([], 0)]
)
def test_quality_is_measured_when_asked_for(
    run: Run, project: History, options: list[str], measured: int
) -> None:
    done = run("mine", *options, str(project.path), "--jobs", "1")
    assert (f"quality of {measured} commits, {measured} measured now" in done.stderr) is bool(options)
    counted = run("sql", "select count(*) as n from quality where weight is not null", "--format", "csv")
    assert counted.stdout.split() == ["n", str(measured)]
