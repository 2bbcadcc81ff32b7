# SPDX-License-Identifier: Apache-2.0
"""What a mail server was told in each mode, and what must not be in it."""
import base64
import re

from hub import expect


class Heard:
    """heard: of a mode, what came; mails: what was taken."""

    def __init__(self):
        self.heard, self.mails = {}, []

    def told(self, mode):
        return b"".join(self.heard[mode])

    def told_nothing(self, mode, password):
        """Neither who sends, nor to whom, nor the mail, nor the password."""
        said = self.told(mode)
        expect(not re.search(rb"AUTH|MAIL FROM|DATA|Subject", said) and base64.b64encode(password)[:-2] not in said, f"{mode} was told {said}")

    def ids(self, mode=None):
        """Of the mails that it has taken, or of what was told in this mode."""
        return set(re.findall(rb"Message-ID: (\S+)", b"".join(self.mails) if mode is None else self.told(mode)))
