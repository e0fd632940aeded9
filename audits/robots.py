"""Robots of group chats: WeCom, DingTalk, Feishu and whatever else Apprise has an address for.

Apprise is imported by who has such an address: it would make every start slower.
"""


def is_known(url: str) -> bool:
    """Whether the address is one of a channel that exists; nothing is sent."""
    from apprise import Apprise

    return Apprise.instantiate(url, suppress_exceptions=True) is not None


def say(url: str, *, title: str, body: str) -> bool:
    """Whether the other end took it. It waits some seconds for an answer, never for ever."""
    from apprise import Apprise

    robot = Apprise()
    return bool(robot.add(url) and robot.notify(title=title, body=body))
