"""`daifa restore`: a backup back in its place, and what the operator should know afterwards."""

from pathlib import Path

from app.keeping import disk_of, own_copies
from app.settings import Settings
from storage.keyring import Keyring
from storage.migrate import Migrations
from storage.ownership import Ownership
from storage.restoring import Restored, restore

_NAMES = {"shop": "shops", "orders": "orders", "assignment": "assignments", "shipment": "parcels"}
_AFTERWARDS = """\
What was done after the backup is not in it, and Telegram does not repeat it:
 - Ask merchants to send their newest export again and factories to send their numbers again; \
what is known is not doubled. Linked platforms are read again by themselves, from where the \
backup stood.
 - Alerts that were due at the backup go out again, marked 可能重复. Buttons of messages shown \
after it no longer work, and say so.
 - Programs go on from their cursors; what they did since then, they do again.
 - Who was removed, which keys were revoked, and which recipients were erased (daifa erase) since \
then: do it again now."""


def put_back(settings: Settings, backup: Path, *, force: bool) -> str:
    """Restore, and return what to tell the operator.

    Raises `storage.ownership.AlreadyOwned` while the house runs, `storage.restoring.RestoreRefused`
    and `storage.inspecting.FileRefused`, `storage.keyring.KeyringError`, `DiskRefused`,
    `ServersOwn`.
    """
    own_copies(settings)
    path = settings.database_path
    with disk_of(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys = Keyring.load(settings.keys_path)
        with (
            Ownership(path.with_suffix(".lock")),
            Ownership(path.with_name(f"{path.name}.migrating")),
        ):
            done = restore(backup, path, keys, Migrations().head() or "", force=force)
    return "\n".join([*_told(settings, backup, done), _AFTERWARDS])


def _told(settings: Settings, backup: Path, done: Restored) -> list[str]:
    last = "nothing yet" if done.newest is None else f"{done.newest:%Y-%m-%d %H:%M} UTC"
    lines = [f"Restored: {settings.database_path} is {backup} again; the last act in it: {last}."]
    if done.aside is not None:
        lines.append(
            f"What stood there is kept for {settings.backup_keep_days} days: {done.aside}."
        )
    lost = [f"{now - then:+,d} {_NAMES[name]}" for name, then, now in done.tallies if now != then]
    if lost:
        lines.append(f"What was put aside has, compared with the backup: {', '.join(lost)}.")
    return lines
