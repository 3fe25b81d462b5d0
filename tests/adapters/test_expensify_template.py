"""Our template, rendered by the real FreeMarker engine and read by our own parser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.adapters.expensify.parse import parse_reports
from monitor.adapters.expensify.template import template_for
from monitor.core.reports import (
    NO_CURRENCY,
    CodedText,
    Coding,
    Export,
    Failure,
    PendingReport,
    ReportLine,
    ReportState,
)
from monitor.simulator.expensify import freemarker as small
from tests.adapters.expensify_office import UK, US, a_workspace
from tests.adapters.freemarker.engine import (
    NEWEST,
    OLDEST,
    Engine,
    Refused,
    running,
    what_is_missing,
)

# Where every check counts the engine is there, or its absence is a failure.
pytestmark = pytest.mark.skipif(
    bool(what_is_missing()) and "CI" not in os.environ, reason=what_is_missing()
)

AT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
ODD_FIELDS = (
    "Department",
    "Cost Center (#2)",
    "1st approver",
    "in",
    "Größe",
    'a"b\\c${d}</script>',
)
WORKSPACES = [
    a_workspace(
        coding=(
            Coding("class", "tag:1"),
            Coding("project", "tag:2"),
            Coding("location", "tag:12"),
            *(Coding(f"segment:s{n}", f"report_field:{name}") for n, name in enumerate(ODD_FIELDS)),
        )
    ),
    a_workspace(UK),
]
TEMPLATE = template_for(WORKSPACES)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with running(tmp_path_factory.mktemp("freemarker")) as engine:
        yield engine


def a_model(*reports: Any) -> dict[str, Any]:
    return {"reports": list(reports)}


def a_report(**fields: Any) -> dict[str, Any]:
    """As Expensify hands it to a template: the least that can be read."""
    return {"reportID": "R1", "policyID": US, "status": "Approved", **fields}


def a_pending(**fields: Any) -> PendingReport:
    """What the least report is read as."""
    least = {"report_id": "R1", "policy_id": US, "state": ReportState.APPROVED}
    empty: dict[str, Any] = {"name": "", "submitter": "", "total": Decimal("0.00")}
    empty["currency"] = NO_CURRENCY
    return PendingReport(**{**least, **empty, **fields})


def read_back(engine: Engine, model: dict[str, Any]) -> tuple[PendingReport, ...]:
    """Rendered as the newest and as the oldest version would, which must be the same."""
    printed = {engine.render(TEMPLATE, model, version=version) for version in (NEWEST, OLDEST)}
    (text,) = printed
    by_id = {workspace.policy_id: workspace for workspace in WORKSPACES}
    return parse_reports(text.encode(), by_id)


def a_line(*texts: str, **fields: Any) -> ReportLine:
    coded = tuple(CodedText(f"tag:{n}", text) for n, text in enumerate(texts, 1) if text)
    return ReportLine(**{"line_id": "L1", "texts": coded, **fields})


NASTY = (
    'quotes " \' and \\ and \\" and \\n',
    "line\nbreaks\r\nand\ttabs",
    "emoji 🧾 👩‍💼 and ünïcödé",
    "control \x00\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x85\u2028\u2029\ufeff\uffff",
    "</script><!--x--> ]]> <?php",
    "${report.total} <#list x as y> #{1} [=z]",
    '{"reports":[]}',
    " leading and trailing ",
    "/ < > [ ]",
)

MODELS: list[Any] = [
    pytest.param(a_model(), (), id="no report"),
    pytest.param(a_model(a_report()), (a_pending(),), id="a report of which nothing else is known"),
    pytest.param(
        a_model(
            a_report(
                reportName=None,
                accountEmail=None,
                total=None,
                currency=None,
                created=None,
                submitted="",
                approved=None,
                state=None,
                customField=None,
                transactionList=None,
                actionList=None,
            )
        ),
        (a_pending(),),
        id="nulls are as good as absent",
    ),
    pytest.param(
        a_model(
            a_report(
                reportName=[],
                total={},
                customField=[],
                transactionList=[{"ntag1": [], "billable": []}, []],
                actionList=[{"details": []}, {"action": "X", "details": {"result": []}}, "text"],
            )
        ),
        (a_pending(lines=(a_line(line_id=""), a_line(line_id=""))),),
        id="values of another type than expected, like PHP's empty lists for empty hashes",
    ),
    *(
        pytest.param(
            a_model(a_report(reportName=text, transactionList=[{"ntag1": text}])),
            (a_pending(name=text, lines=(a_line(text, line_id=""),)),),
            id=f"text {number}: {ascii(text)[:30]}",
        )
        for number, text in enumerate(NASTY)
    ),
    pytest.param(
        a_model(a_report(reportName="R&amp;D &#39;", transactionList=[{"ntag1": "R&amp;D"}])),
        (a_pending(name="R&D '", lines=(a_line("R&amp;D", line_id=""),)),),
        id="HTML entities: names are decoded, texts stay as delivered",
    ),
    pytest.param(
        a_model(a_report(reportID=4056343049275634494, total=123456789)),
        (a_pending(report_id="4056343049275634494", total=Decimal("1234567.89")),),
        id="numbers are never grouped",
    ),
    pytest.param(
        a_model(a_report(total="-81250"), a_report(reportID="R2", total=812.0)),
        (a_pending(total=Decimal("-812.50")), a_pending(report_id="R2", total=Decimal("8.12"))),
        id="a total as text and as a decimal number",
    ),
    pytest.param(
        a_model(
            a_report(
                transactionList=[
                    {"transactionID": "L1", "billable": True, "reimbursable": False},
                    {"transactionID": "L2", "billable": "true", "reimbursable": "false"},
                    {"transactionID": "L3", "billable": False, "reimbursable": True},
                    {"transactionID": "L4", "billable": None},
                ]
            )
        ),
        (
            a_pending(
                lines=(
                    a_line(line_id="L1", is_billable=True, is_reimbursable=False),
                    a_line(line_id="L2", is_billable=True, is_reimbursable=False),
                    a_line(line_id="L3"),
                    a_line(line_id="L4"),
                )
            ),
        ),
        id="truths as such, as text, and unsaid",
    ),
    pytest.param(
        a_model(
            a_report(
                transactionList=[
                    {"transactionID": "L1", "tag": "a:b", "ntag1": "a", "ntag2": "b"},
                    {"transactionID": "L1", "ntag12": "Boston", "ntag13": "too deep"},
                    {"transactionID": "L1", "ntag7": "not coded", "tag": "::::::not coded"},
                    {"transactionID": "L1", "category": "Travel", "cardName": "V", "bank": "B"},
                ]
            )
        ),
        (
            a_pending(
                lines=(
                    a_line("a", "b"),
                    a_line(*[""] * 11, "Boston"),
                    a_line(*[""] * 6, "not coded"),
                    a_line(category="Travel", card="V", bank="B"),
                )
            ),
        ),
        id="many tag levels: as deep as they are coded, and all above that",
    ),
    pytest.param(
        a_model(
            a_report(
                customField={
                    "Department": "Sales",
                    "Cost_Center___2_": 4711,
                    "1st_approver": "Dana",
                    "in": "x",
                    "Größe": "L",
                    "a_b_c__d___script_": "y",
                    "Other": "z",
                }
            )
        ),
        (
            a_pending(
                fields=tuple(
                    CodedText(f"report_field:{name}", text)
                    for name, text in zip(
                        ODD_FIELDS, ("Sales", "4711", "Dana", "x", "L", "y"), strict=True
                    )
                )
            ),
        ),
        id="report fields with odd names",
    ),
    pytest.param(
        a_model(a_report(created="@date:2026-11-22T08:00:00Z", approved="2026-11-22 08:00:00")),
        (a_pending(created_at=AT, approved_at=AT),),
        id="moments as dates and as text",
    ),
    pytest.param(
        a_model(
            a_report(
                actionList=[
                    {
                        "action": "INTEGRATIONSMESSAGE",
                        "created": "2026-11-22 08:00:00",
                        "details": {
                            "label": "NetSuite",
                            "result": {"messages": ['NS0831: "no"', None, "retry"]},
                        },
                    },
                    {
                        "action": "INTEGRATIONSMESSAGE",
                        "created": "2026-11-22 08:00:00",
                        "details": {"message": "NS0005", "result": {"messages": "alone"}},
                    },
                    {
                        "action": "EXPORTINTEGRATION",
                        "created": "2026-11-22 08:00:00",
                        "details": {
                            "label": "NetSuite",
                            "markedManually": False,
                            "reimbursableUrls": ["https://x"],
                            "nonReimbursableUrls": [],
                        },
                    },
                    {
                        "action": "EXPORTINTEGRATION",
                        "created": "2026-11-22 08:00:00",
                        "details": {"label": "NetSuite", "markedManually": True},
                    },
                    {"action": "ADDCOMMENT", "details": {"message": "NS0831?"}},
                    {"action": None, "details": None},
                    {},
                ]
            )
        ),
        (
            a_pending(
                exports=(
                    Export(AT, has_reimbursable=True, has_card=False),
                    Export(AT, is_manual=True),
                ),
                failures=(
                    Failure(AT, "NS0831", 'NS0831: "no"  retry'),
                    Failure(AT, "NS0005", "NS0005 alone"),
                ),
            ),
        ),
        id="a history of exports, refusals and comments",
    ),
    pytest.param(
        a_model(
            *(
                a_report(reportID=f"R{n}", policyID=UK, transactionList=[{}] * (n % 3))
                for n in range(300)
            )
        ),
        tuple(
            a_pending(report_id=f"R{n}", policy_id=UK, lines=(a_line(line_id=""),) * (n % 3))
            for n in range(300)
        ),
        id="many reports",
    ),
]


@pytest.mark.parametrize(("model", "reports"), MODELS)
def test_what_the_real_engine_prints_is_read_back_whole(
    engine: Engine, model: dict[str, Any], reports: tuple[PendingReport, ...]
) -> None:
    assert read_back(engine, model) == reports


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(name=TEXT, tag=TEXT, field=TEXT, said=TEXT)
@settings(max_examples=150)
def test_any_text_comes_through(engine: Engine, name: str, tag: str, field: str, said: str) -> None:
    refused = {"action": "INTEGRATIONSMESSAGE", "created": "2026-11-22 08:00:00"}
    model = a_model(
        a_report(
            accountEmail=name,
            customField={"Department": field},
            transactionList=[{"transactionID": tag, "ntag1": tag, "ntag2": "Atlas"}],
            actionList=[{**refused, "details": {"label": "", "message": f"<{said}>"}}],
        )
    )
    (report,) = read_back(engine, model)
    assert report.submitter == name
    assert report.lines[0].line_id == tag
    assert report.lines[0].texts[:-1] == ((CodedText("tag:1", tag),) if tag.strip() else ())
    assert report.fields == (
        (CodedText("report_field:Department", field),) if field.strip() else ()
    )
    assert len(report.failures) == 1


def in_python(model: Any) -> Any:
    """The model as the small engine takes it: dates as dates."""
    if isinstance(model, dict):
        return {key: in_python(value) for key, value in model.items()}
    if isinstance(model, list):
        return [in_python(value) for value in model]
    if isinstance(model, str) and model.startswith("@date:"):
        return datetime.fromisoformat(model.removeprefix("@date:"))
    return model


@pytest.mark.parametrize("model", [pytest.param(one.values[0], id=one.id) for one in MODELS])
def test_the_simulators_small_engine_prints_the_same(engine: Engine, model: dict[str, Any]) -> None:
    assert small.render(TEMPLATE, in_python(model)) == engine.render(TEMPLATE, model)


@given(TEXT)
@settings(max_examples=150)
def test_the_small_engine_escapes_every_text_the_same(engine: Engine, text: str) -> None:
    template = '"${text?json_string}"'
    assert small.render(template, {"text": text}) == engine.render(template, {"text": text})


@given(st.one_of(st.integers(-(10**15), 10**15), st.decimals(-1000, 1000, places=5).map(float)))
@settings(max_examples=60)
def test_the_small_engine_prints_every_number_the_same(engine: Engine, number: float) -> None:
    model = {"number": number}
    assert small.render("${number?c}", model) == engine.render("${number?c}", model)


LANGUAGE: list[Any] = [
    pytest.param(
        "a\n<#-- two\n lines -->\n  <#list xs as x>\n ${x}<#if x_has_next>,</#if>\n</#list>  \nb",
        "a\n 1,\n 2\nb",
        id="a line of tags alone prints nothing, not even its end",
    ),
    pytest.param("${missing!'-'}${(no.such.thing)!}${(hash.x)!\"y\"}|", "-y|", id="defaults"),
    pytest.param("${hash.a}${hash['a']}${hash[key]}", "AAA", id="members by name and by key"),
    pytest.param(
        "<#if yes && !no??>1<#else>2</#if>", None, id="what only the real engine knows is refused"
    ),
    pytest.param(
        "<#if hash.b?? || yes>1<#else>2</#if><#if no?? && no.x>3<#else>4</#if>",
        "14",
        id="conditions stop where they are decided",
    ),
    pytest.param(
        "<#function twice x><#if x?has_content><#return x></#if><#return 'none'></#function>"
        "${twice('a')}${twice('')}${twice(xs)?is_enumerable?c}",
        "anonetrue",
        id="functions",
    ),
    pytest.param(
        "<#list [key, 'z'] as one>${one}</#list>${hash?is_hash?c}${xs?is_hash?c}${key?is_string?c}",
        "aztruefalsetrue",
        id="lists and questions about types",
    ),
    pytest.param('${"tab\\tquote\\"back\\\\"}', 'tab\tquote"back\\', id="escapes in a literal"),
]
VARIABLES = {"xs": ["1", "2"], "hash": {"a": "A"}, "key": "a", "yes": True}


@pytest.mark.parametrize(("template", "printed"), LANGUAGE)
def test_the_small_engine_speaks_the_same_language_or_says_that_it_does_not(
    engine: Engine, template: str, printed: str | None
) -> None:
    real = engine.render(template, VARIABLES)
    if printed is None:
        with pytest.raises(small.TemplateError):
            small.render(template, VARIABLES)
        return
    assert (small.render(template, VARIABLES), real) == (printed, printed)


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("${missing}", id="a missing value"),
        pytest.param("${no.such!'x'}", id="a default for the last step only"),
        pytest.param("${hash}", id="a hash is no text"),
        pytest.param("${key.x}", id="text has no members"),
        pytest.param("<#list key as x>${x}</#list>", id="text cannot be listed"),
        pytest.param("<#if key>1</#if>", id="text is no truth"),
        pytest.param("${key?c}", id="text is no number"),
        pytest.param("${yes?json_string}", id="a truth is no text"),
        pytest.param("${key?unheard_of}", id="an unknown built-in"),
        pytest.param("<#unheard of>", id="an unknown directive"),
        pytest.param("<#if yes>1", id="a block that is not closed"),
        pytest.param("1</#if>", id="a block that was not opened"),
        pytest.param("${(key}", id="a parenthesis that is not closed"),
        pytest.param("${key key}", id="two expressions"),
        pytest.param("${}", id="no expression"),
        pytest.param("<#function f x><#return x></#function>${f()}", id="a call without value"),
    ],
)
def test_both_engines_refuse_the_same_mistakes(engine: Engine, template: str) -> None:
    with pytest.raises(Refused):
        engine.render(template, VARIABLES)
    with pytest.raises(small.TemplateError):
        small.render(template, VARIABLES)
