"""An action's or a job's file as a runner takes it apart, as far as ours go."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.ci.runner import Command, read_commands, read_outputs

ROOT = Path(__file__).resolve().parents[2]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")


@dataclass(frozen=True)
class Step:
    """One step of a composite action."""

    name: str
    keys: Mapping[str, str]
    env: Mapping[str, str]
    inputs: Mapping[str, str]
    run: str = field(repr=False)


def read_steps(path: Path = ROOT / "action.yml") -> list[Step]:
    """The steps, each key as it is written."""
    _, _, body = path.read_text(encoding="utf-8").partition("\n  steps:\n")
    return [_step(part) for part in re.split(r"^    - ", body, flags=re.MULTILINE)[1:]]


def read_defaults(path: Path = ROOT / "action.yml") -> dict[str, str]:
    """The inputs with their defaults."""
    part = path.read_text(encoding="utf-8").partition("\ninputs:\n")[2].partition("\noutputs:\n")[0]
    found = re.findall(r"^  ([\w-]+):\n(?:    .*\n)*?    default: (.*)$", part, re.MULTILINE)
    return {name: value.strip('"') for name, value in found}


def read_results(path: Path = ROOT / "action.yml") -> dict[str, str]:
    """The outputs with the expressions that make them."""
    part = path.read_text(encoding="utf-8").partition("\noutputs:\n")[2].partition("\nruns:\n")[0]
    return dict(re.findall(r"^  ([\w-]+):\n(?:    .*\n)*?    value: (.*)$", part, re.MULTILINE))


def _step(text: str) -> Step:
    lines = ["      " + text.split("\n")[0], *text.split("\n")[1:]]
    keys: dict[str, str] = {}
    maps: dict[str, dict[str, str]] = {"env": {}, "with": {}}
    run: list[str] = []
    where = ""
    for line in lines:
        indent = len(line) - len(line.lstrip())
        name, _, value = line.strip().partition(":")
        if where == "run" and (indent >= 8 or not line.strip()):
            run.append(line[8:])
        elif indent == 6 and not line.lstrip().startswith("#"):
            where = name
            keys[name] = value.strip()
        elif indent == 8 and where in maps and not line.lstrip().startswith("#"):
            maps[where][name] = value.strip()
    return Step(keys["name"], keys, maps["env"], maps["with"], "\n".join(run))


class Runner:
    """Runs the steps of an action that are scripts; those that use other actions are left to the test."""

    def __init__(self, variables: Mapping[str, str], workspace: Path, inputs: Mapping[str, str]) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ}
        # No configuration of whoever runs the tests: runners have none that matters.
        self.variables = {**kept, **variables, "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": os.devnull}
        self.workspace = workspace
        self.inputs = {**read_defaults(), **inputs}
        self.outputs: dict[str, dict[str, str]] = {}
        self.log = ""
        self.commands: list[Command] = []
        self._install(Path(variables["RUNNER_TEMP"]) / "codeshare" / "bin")

    def run(self) -> int:
        """Run all steps in order; the status of the first that fails."""
        for step in read_steps():
            is_ours = step.run and step.name != "Install codeshare" and self._is_on(step.keys.get("if", ""))
            if is_ours and (status := self._run(step)):
                return status
        return 0

    def value(self, expression: str) -> str:
        """What an expression stands for."""
        room, _, rest = expression.partition(".")
        if room == "inputs":
            return self.inputs[rest]
        if room == "steps":
            step, _, name = rest.partition(".outputs.")
            return self.outputs.get(step, {}).get(name, "")
        raise KeyError(expression)

    def fill(self, text: str) -> str:
        """A value with its expressions in place."""
        return _EXPRESSION.sub(lambda found: self.value(found[1]), text)

    def _is_on(self, condition: str) -> bool:
        parts = (part.strip().partition(" == ") for part in condition.split("&&")) if condition else ()
        return all(self.value(name) == wanted.strip("'") for name, _, wanted in parts)

    def _run(self, step: Step) -> int:
        output = Path(self.variables["GITHUB_OUTPUT"])
        output.write_text("")
        environment = self.variables | {name: self.fill(value) for name, value in step.env.items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step.run],
            cwd=self.workspace / self.fill(step.keys.get("working-directory", ".")),
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        self.log += done.stdout
        self.commands += read_commands(done.stdout)
        self.outputs[step.keys.get("id", step.name)] = read_outputs(output.read_text(encoding="utf-8"))
        return done.returncode

    def _install(self, folder: Path) -> None:
        """What the step that installs leaves behind: here it starts the code under test."""
        folder.mkdir(parents=True)
        for name, words in (("codeshare", "-m codeshare.cli.main "), ("python", "")):
            file = folder / name
            file.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" {words}"$@"\n')
            file.chmod(0o755)
