"""desk.toml in and out.

- `parse.parse(text_or_bytes, filename) -> Document | list[Problem]`; `Problem.text(language)` is one line.
- `queries.CurrentDesk(naming)` asks for the desk as a Document; `diff.diff(current, document) -> tuple[Change, …]`,
  `Change.lines(language)` are its lines.
- `commands.ApplyDeskFile(document)` applies it, in one transaction, through the desk.
- `export.export(document) -> str` writes it; applying that changes nothing.
- `check.check(document, now, recorded) -> list[Finding]`, or `queries.CheckDesk(document | None)` through the desk;
  `Finding.text(language)` is one line.
"""
