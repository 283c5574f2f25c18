"""Hostile settings of a repository: each names a program, a file or an address that git would use.

In braces: a program that must not run, a folder of ours, a pipe that nobody must open, a port that nobody must call.
``springs``: a plain git command that falls into the trap, where one is quick: it shows that the trap is one.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    text: str
    springs: tuple[str, ...] = ()


def _row(name: str, text: str, springs: str = "") -> Setting:
    return Setting(name, text, tuple(springs.split()))


SETTINGS = (
    _row("core.fsmonitor", "[core] fsmonitor = {run}", "status"),
    _row("core.sshCommand", "[core] sshCommand = {run}", "ls-remote ssh://127.0.0.1/x"),
    _row("core.hooksPath", "[core] hooksPath = {home}/hooks", "hook run post-checkout"),
    _row("core.pager", "[core] pager = {run}"),
    _row("pager.log", "[pager] log = {run}\n diff = {run}\n blame = {run}"),
    _row("core.editor", "[core] editor = {run}", "branch --edit-description"),
    _row("sequence.editor", "[sequence] editor = {run}"),
    _row("core.askPass", "[core] askPass = {run}"),
    _row("core.gitProxy", "[core] gitProxy = {run}", "ls-remote git://127.0.0.1/x"),
    _row("core.alternateRefsCommand", "[core] alternateRefsCommand = {run}", "rev-list --alternate-refs"),
    _row("core.attributesFile", "[core] attributesFile = {home}/attributes\n[diff \"user\"] command = {run}", "diff HEAD~1 HEAD -- notes.txt"),
    _row("core.excludesFile", "[core] excludesFile = {pipe}"),
    _row("core.worktree", "[core] worktree = {home}"),
    _row("config.worktree", "[extensions] worktreeConfig = true"),
    _row("diff.external", "[diff] external = {run}", "diff HEAD~1 HEAD"),
    _row("diff.command", "[diff \"evil\"] command = {run}", "diff HEAD~1 HEAD -- a.py"),
    _row("diff.textconv", "[diff \"evil\"] textconv = {run}\n cachetextconv = true", "show --textconv HEAD:a.py"),
    _row("diff.orderFile", "[diff] orderFile = {pipe}"),
    _row("filter.smudge", "[filter \"evil\"] smudge = {run}", "cat-file --filters HEAD:a.py"),
    _row("filter.clean", "[filter \"evil\"] clean = {run}\n required = true", "hash-object a.py"),
    _row("filter.process", "[filter \"evil\"] process = {run}", "cat-file --filters HEAD:a.py"),
    _row("merge.driver", "[merge \"evil\"] driver = {run}"),
    _row("merge.tool", "[merge] tool = evil\n[mergetool \"evil\"] cmd = {run}\n[difftool \"evil\"] cmd = {run}\n[diff] tool = evil"),
    _row("include.path", "[include] path = {home}/included"),
    _row("include.pipe", "[include] path = {pipe}"),
    _row("includeIf", "[includeIf \"gitdir:**\"] path = {home}/included"),
    _row("alias", "[alias] evil = !{run}\n log = !{run}\n rev-list = !{run}\n diff-tree = !{run}", "evil"),
    _row("gpg.program", "[gpg] program = {run}\n[log] showSignature = true", "log -1 signed"),
    _row("gpg.ssh", "[gpg] format = ssh\n[gpg \"ssh\"] program = {run}\n allowedSignersFile = {pipe}"),
    _row("credential.helper", "[credential] helper = {run}", "credential fill"),
    _row("http.proxy", "[http] proxy = http://127.0.0.1:{port}\n cookieFile = {pipe}"),
    _row("url.insteadOf", "[url \"ext::{run} \"] insteadOf = https://\n[protocol \"ext\"] allow = always", "ls-remote https://forge.invalid/x"),
    _row("protocol.ext", "[protocol \"ext\"] allow = always\n[remote \"evil\"] url = ext::{run}", "ls-remote evil"),
    _row("remote.uploadpack", "[remote \"near\"] url = {home}\n uploadpack = {run}", "ls-remote near"),
    _row("promisor.uploadpack", "[extensions] partialClone = far\n[core] repositoryFormatVersion = 1\n[remote \"far\"] url = {home}\n promisor = true\n uploadpack = {run}", "cat-file -e 1234567890123456789012345678901234567890"),
    _row("promisor.ext", "[extensions] partialClone = far\n[core] repositoryFormatVersion = 1\n[protocol] allow = always\n[remote \"far\"] url = ext::{run}\n promisor = true", "cat-file -e 1234567890123456789012345678901234567890"),
    _row("promisor.http", "[extensions] partialClone = far\n[core] repositoryFormatVersion = 1\n[remote \"far\"] url = http://127.0.0.1:{port}/x\n promisor = true"),
    _row("promisor.ssh", "[extensions] partialClone = far\n[core] repositoryFormatVersion = 1\n sshCommand = {run}\n[remote \"far\"] url = ssh://127.0.0.1/x\n promisor = true", "cat-file -e 1234567890123456789012345678901234567890"),
    _row("fetch.bundleURI", "[fetch] bundleURI = http://127.0.0.1:{port}/b\n[transfer] bundleURI = true"),
    _row("submodule.update", "[submodule \"sub\"] update = !{run}\n url = ext::{run}\n active = true\n[submodule] recurse = true\n[fetch] recurseSubmodules = true"),
    _row("lfs", "[lfs] url = http://127.0.0.1:{port}/lfs\n[lfs \"customtransfer.evil\"] path = {run}\n[filter \"lfs\"] smudge = {run}\n process = {run}"),
    _row("tar.command", "[tar \"evil\"] command = {run}", "archive --format=evil HEAD"),
    _row("trailer.cmd", "[trailer \"evil\"] cmd = {run}\n ifmissing = add", "interpret-trailers --trailer evil=x /dev/null"),
    _row("uploadpack.packObjectsHook", "[uploadpack] packObjectsHook = {run}\n allowFilter = true"),
    _row("fsck.skipList", "[fsck] skipList = {pipe}\n[receive \"fsck\"] skipList = {pipe}"),
    _row("mailmap.file", "[mailmap] file = {pipe}\n[log] mailmap = true"),
    _row("blame.ignoreRevsFile", "[blame] ignoreRevsFile = {pipe}"),
    _row("commit.template", "[commit] template = {pipe}"),
    _row("trace2", "[trace2] normalTarget = {home}/written/trace\n eventTarget = {home}/written/events\n perfTarget = {home}/written/perf"),
    _row("init.templateDir", "[init] templateDir = {home}/template"),
    _row("interactive.diffFilter", "[interactive] diffFilter = {run}"),
    _row("safe", "[safe] directory = *\n bareRepository = explicit"),
    _row("gc.hooks", "[gc] auto = 1\n recentObjectsHook = {run}\n[maintenance] auto = true"),
    _row("extensions.unknown", "[extensions] objectStorage = evil\n refStorage = evil"),
)  # fmt: skip

ENVIRONMENT = {
    "GIT_SSH_COMMAND": "{run}",
    "GIT_SSH": "{run}",
    "GIT_EXTERNAL_DIFF": "{run}",
    "GIT_PAGER": "{run}",
    "PAGER": "{run}",
    "GIT_EDITOR": "{run}",
    "GIT_ASKPASS": "{run}",
    "GIT_PROXY_COMMAND": "{run}",
    "GIT_CONFIG_PARAMETERS": "'core.fsmonitor={run}' 'diff.external={run}'",
    "GIT_CONFIG_GLOBAL": "{home}/included",
    "GIT_CONFIG_SYSTEM": "{home}/included",
    "GIT_EXEC_PATH": "{home}/git-core",
    "GIT_TEMPLATE_DIR": "{home}/template",
    "GIT_TRACE": "{home}/written/trace",
    "GIT_TRACE2": "{home}/written/trace2",
    "GIT_TRACE2_EVENT": "{home}/written/events",
    "GIT_TRACE_PACK_ACCESS": "{home}/written/packs",
    "GIT_DIR": "{home}/other",
    "GIT_COMMON_DIR": "{home}/other",
    "GIT_WORK_TREE": "{home}",
    "GIT_OBJECT_DIRECTORY": "{home}/other",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES": "{home}/other",
    "GIT_INDEX_FILE": "{pipe}",
    "GIT_SHALLOW_FILE": "{pipe}",
    "GIT_GRAFT_FILE": "{pipe}",
    "GIT_NAMESPACE": "evil",
    "GIT_REPLACE_REF_BASE": "refs/heads/",
    "GIT_ATTR_SOURCE": "HEAD",
    "GIT_NO_LAZY_FETCH": "0",
    "GIT_QUARANTINE_PATH": "{home}/other",
}
"""Variables of a caller's that point somewhere else, as a hook's do, or that somebody was made to set."""

HOOKS = (
    "applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-applypatch", "post-checkout", "post-commit", "post-index-change",
    "post-merge", "post-receive", "post-rewrite", "post-update", "pre-applypatch", "pre-auto-gc", "pre-commit", "pre-merge-commit",
    "pre-push", "pre-rebase", "pre-receive", "prepare-commit-msg", "proc-receive", "push-to-checkout", "reference-transaction",
    "sendemail-validate", "update",
)  # fmt: skip

MODULES = ("multiprocessing", "encodings", "pickle", "git", "duckdb", "pandas", "altair", "pydriller", "sitecustomize", "usercustomize", "codeshare", "tomli", "tomllib")  # fmt: skip
"""Names of Python modules that a repository's folder may hold as files."""
