"""``codeshare ci``: what a CI job is about, from what the forge tells it."""

from __future__ import annotations

import os

import click
from msgspec.structs import replace

from codeshare.cli.logs import note
from codeshare.errors import CannotKnow, NoSuchRevision

WHAT = ("range", "branch", "settings-at", "cache-key", "all")


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.option("--branch", metavar="NAME", help="The branch whose database is cached. Default: the job's.")
@click.option("--range", "span", metavar="A..B", help="The range. Default: the event's.")
def ci(what: str, branch: str | None, span: str | None) -> None:
    """What this CI job is about: the range that its event brings, the branch to mine, a key for the cache.

    From the variables of GitHub Actions (pull_request, merge_group, push), GitLab CI (merge requests, pushes)
    and pre-commit. Prints nothing for a range where the event brings no commits, as a schedule does; `all`
    prints lines of NAME=VALUE, as GITHUB_OUTPUT takes them.

    \b
    codeshare ci range          1d2c3b4…..5e6f7a8…, for check --range and share --range
    codeshare ci branch         main, for mine --branch
    codeshare ci settings-at    1d2c3b4…, for mine --settings-at; nothing where what lies here is merged
    codeshare ci cache-key      codeshare-7-owner_name-main-1d2c3b4…
    """
    from codeshare.ci.events import cache_key, find_job
    from codeshare.ci.github import output_lines

    if what == "cache-key":
        click.echo(cache_key(os.environ, branch)[0])
        return
    job = find_job(os.environ)
    if span:
        job = replace(job, span=span)
    branch = branch or job.branch
    if what == "all":
        key, prefix = _key(branch)
        values = {"range": job.span or "", "branch": branch or "", "settings-at": job.settings_at}
        click.echo(output_lines(values | {"cache-key": key, "restore-key": prefix}), nl=False)
    elif answer := {"range": job.span, "branch": branch, "settings-at": job.settings_at}[what]:
        click.echo(answer)
    elif what == "branch":
        raise CannotKnow(f"no branch is told: {job.why}. Name it yourself with --branch.")
    elif what == "range":
        note(f"no range: {job.why}.")


def _key(branch: str | None) -> tuple[str, str]:
    """Key and prefix of the cache; empty where the clone lacks the branch, for a range can be read without it."""
    from codeshare.ci.events import cache_key

    try:
        return cache_key(os.environ, branch)
    except NoSuchRevision as error:
        note(f"{error} With `fetch-depth: 0` (GitLab: GIT_DEPTH: 0) the clone has all branches.")
        return "", ""
