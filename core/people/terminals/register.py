"""Terminals' rows in the catalogue. What stands before any sign-in has no route here: the web's own doors give it."""

from __future__ import annotations

from core.engine.catalogue import CommandRow, QueryRow, Route
from core.people.terminals import commands, questions, sharing, sign_in


def rows() -> list[CommandRow | QueryRow]:
    """Commands and questions about terminals."""
    return [
        CommandRow(commands.AskSignIn, sign_in.ask),
        CommandRow(commands.ConfirmSignIn, sign_in.confirm),
        CommandRow(commands.RefuseSignIn, sign_in.refuse),
        CommandRow(commands.SetPin, sharing.set_pin),
        CommandRow(commands.TryPin, sharing.try_pin),
        CommandRow(commands.SwitchPerson, sharing.switch),
        CommandRow(commands.LockTerminal, sharing.lock),
        CommandRow(commands.RemoveTerminal, sharing.remove, Route("DELETE", "/terminals/{terminal}", 204)),
        QueryRow(questions.SignInAsked, sign_in.asked, questions.SignInView),
        QueryRow(questions.SignInState, sign_in.state, questions.StateView),
        QueryRow(questions.PinOf, sharing.pin_of, questions.PinView),
        QueryRow(questions.Terminals, sharing.terminals, questions.TerminalPage, Route("GET", "/terminals")),
    ]
