"""``codeshare completion``: names completed by the shell."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes a shell complete commands, options and names of queries.

    \b
    codeshare completion bash > ~/.local/share/bash-completion/completions/codeshare
    codeshare completion zsh > ~/.zfunc/_codeshare
    codeshare completion fish > ~/.config/fish/completions/codeshare.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None or context.parent is None:
        raise click.UsageError(f"{shell}: no such shell here.")
    # Bash's own source asks the installed bash for its version, as a script that is only kept should not.
    script = found(context.parent.command, {}, "codeshare", "_CODESHARE_COMPLETE")
    click.echo(script.source_template % script.source_vars())
