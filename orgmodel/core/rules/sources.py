"""Where the rules about health come from: the tags in their docstrings, each with a title and a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from orgmodel.core.phrases import say

SOURCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "K12": (
            "Kniberg & Ivarsson, Scaling Agile @ Spotify, 2012",
            "https://blog.crisp.se/wp-content/uploads/2012/11/SpotifyScaling.pdf",
        ),
        "EC1": (
            "Kniberg, Spotify Engineering Culture, part 1, 2014",
            "https://labs.spotify.com/2014/03/27/spotify-engineering-culture-part-1/",
        ),
        "S-C": (say("How Spotify interviews, levels people and lives its culture"), ""),
        "S-D": (say("How Spotify builds products"), ""),
        "HN14": ("Spotify employee answers, 2014", "https://news.ycombinator.com/item?id=8666552"),
        "JL": ("Lee, Failed #SquadGoals, 2020", "https://www.jeremiahlee.com/posts/failed-squad-goals/"),
        "DL": (
            "Product management at Spotify",
            "https://digitale-leute.de/interview/product-management-at-spotify",
        ),
        "SG": (
            "Smite et al., Spotify Guilds, 2020",
            "https://cacm.acm.org/magazines/2020/3/243029-spotify-guilds",
        ),
        "YG": (
            "Yip, A few answers on guilds",
            "https://jchyip.medium.com/a-few-answers-on-guilds-or-communities-of-practice-interest-28d9d5bfacf4",
        ),
        "C21": (
            "Implementing Spotify tribes, month 6",
            "https://medium.com/@21stcto/implementing-spotify-tribes-month-6-84fb92ec7e53",
        ),
        "TT": ("Skelton & Pais, Team Topologies", "https://teamtopologies.com"),
        "LS": ("Larson, Sizing engineering teams", "https://lethain.com/sizing-engineering-teams/"),
        "MS": (
            "McKinsey, How to identify the right spans of control",
            "https://www.mckinsey.com/business-functions/organization/our-insights/"
            "how-to-identify-the-right-spans-of-control-for-your-organization",
        ),
        "AB": ("Ben-Yosef, Reorg pitfalls", "https://avivbenyosef.com/reorg-pitfalls/"),
        "ING": (
            "ING's agile transformation",
            "https://www.mckinsey.com/industries/financial-services/our-insights/ings-agile-transformation",
        ),
        "TF": ("TeamForm documentation", "https://teamform.atlassian.net/wiki/x/SYAlp"),
        "BS2": (
            "Backstage, what is orphaned after a rename",
            "https://github.com/backstage/backstage/issues/5869",
        ),
        "HH": ("Helfand, Dynamic Reteaming", "https://transcripts.wiki/concepts/dynamic-reteaming"),
        "TS": (
            "Horvath, Team Stability Matters",
            "https://www.oreilly.com/library/view/97-things-every/9781492050896/ch82.html",
        ),
        "NS": ("North Star Framework", "https://www.product-frameworks.com/North-Star-Framework.html"),
        "WB": (
            "Weinberg on switching between projects",
            "https://www.informit.com/articles/article.aspx?p=1409779&seqNum=4",
        ),
        "TZ": (
            "The four-hour overlap rule",
            "https://besttimefor.io/guide/4-hour-overlap-rule/",
        ),
        "LM": (
            "How to mix junior and senior engineers in a team",
            "https://leaddev.com/team/how-mix-junior-and-senior-engineers-team",
        ),
        "BF": ("Distributed knowledge", "https://good-engineering.is/distributed-knowledge/"),
        "product default": (say("A default of this product"), ""),
    }
)


def cited(tags: Iterable[str]) -> list[tuple[str, str]]:
    """Return title and address of each source; "" where there is nothing to link to."""
    return [SOURCES.get(tag, (tag, "")) for tag in tags]
