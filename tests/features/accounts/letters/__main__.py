"""Writes down what the letters look like now."""

from overprint.features.accounts.service.letters import TEMPLATES, Letters
from tests.features.accounts.test_mail import LINKS, SEEN, VALUES

for path in TEMPLATES.glob("*.jinja"):
    kind = path.stem
    mail = Letters("https://books.example.org").write(kind, "mira@example.org", link=LINKS.get(kind, ""), **VALUES)
    (SEEN / f"{kind}.txt").write_text(f"Subject: {mail.subject}\n\n{mail.text}", encoding="utf-8")
    (SEEN / f"{kind}.html").write_text(mail.html + "\n", encoding="utf-8")
