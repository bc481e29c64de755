"""Whether a click was a person's. Programs that read mail for a company follow every link; their clicks are kept apart. Pure."""

from datetime import datetime, timedelta

QUICK = timedelta(seconds=10)
"""Nobody opens a mail, reads and clicks so soon after its server took it."""
BURST = timedelta(seconds=2)
MANY = 3
"""So many different stories of one letter within BURST are no person's."""
WORDS = {
    "scanner": "from a known scanner",
    "early": "before the letter was accepted",
    "quick": "within 10 seconds after that",
    "burst": "on several stories at once",
}
"""What each reason says on the desk."""
SCANNERS = (
    "barracuda", "bitdefender", "bot", "cloudmark", "crawl", "curl/", "fireeye", "forcepoint", "googleimageproxy", "headless",
    "ironport", "mimecast", "phantomjs", "preview", "proofpoint", "python-", "safelinks", "scan", "sophos", "spider", "symantec",
    "trendmicro", "urldefense", "wget", "zscaler",
)  # fmt: skip
"""Parts of the names under which programs come, in lower case."""


def why(agent: str, accepted_at: datetime | None, at: datetime, *, is_waiting: bool = False) -> str:
    """The reason to think so, one of WORDS; empty for a person. ``is_waiting``: its letter has not been accepted yet."""
    name = agent.lower()
    if not name or any(part in name for part in SCANNERS):
        return "scanner"
    if is_waiting or (accepted_at and at < accepted_at):
        return "early"
    return "quick" if accepted_at and at - accepted_at < QUICK else ""
