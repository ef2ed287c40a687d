"""Kuaishou's signature, verified by the sandbox's own means: over raw `k=v`, not URL-encoded."""

import base64
import hashlib
import hmac

from sandbox.cast import App

METHODS = ("MD5", "HMAC_SHA256")


def signature(app: App, fields: dict[str, str], sign_method: str) -> str:
    """Over every field but `sign`, in the order of their bytes."""
    names = sorted((name for name in fields if name != "sign"), key=lambda name: name.encode())
    joined = "&".join(f"{name}={fields[name]}" for name in names)
    signed = f"{joined}&signSecret={app.sign_secret}".encode()
    if sign_method == "MD5":
        return hashlib.md5(signed).hexdigest()  # noqa: S324  the platform's choice
    made = hmac.new(app.sign_secret.encode(), signed, hashlib.sha256).digest()
    return base64.b64encode(made).decode()
