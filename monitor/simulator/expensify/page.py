"""The simulated Expensify on the wire: one endpoint, errors under 200, files that take a while."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from monitor.simulator.expensify.freemarker import TemplateError, render
from monitor.simulator.web import Page

if TYPE_CHECKING:
    from monitor.simulator.world import Expensify

_PATH = "/Integration-Server/ExpensifyIntegrations"
_WINDOWS = ((5, 10.0), (20, 60.0))


class ExpensifyPage(Page):
    """One request to Expensify; `expensify` is set by the server."""

    expensify: ClassVar[Expensify]

    def do_POST(self) -> None:
        form = self.form(self.read_body())
        kind, detail = self.expensify.faults.take(form.get("requestJobDescription", ""))
        if self.path_only != _PATH:
            self._refuse(404, "Not found", status=404)
        elif kind:
            self._fail(kind, detail)
        elif self._is_too_often():
            self._refuse(429, "Too many requests", status=429)
        else:
            self._job(json.loads(form["requestJobDescription"]), form.get("template", ""))

    def _job(self, job: dict[str, Any], template: str) -> None:
        given = job.get("credentials", {})
        pair = (given.get("partnerUserID"), given.get("partnerUserSecret"))
        self.expensify.requests.append(str(job.get("type")))
        if pair != self.expensify.credentials:
            self._refuse(401, "Authentication error")
        elif job.get("type") == "get":
            self._get(job.get("inputSettings", {}))
        elif job.get("type") == "file":
            self._export(job, template)
        elif job.get("type") == "download":
            self._download(str(job.get("fileName")))
        else:
            self._refuse(410, "Argument 'type' is missing or malformed")

    def _get(self, settings: dict[str, Any]) -> None:
        policies = self.expensify.office.policies
        if settings.get("type") == "policyList":
            listed = [
                {
                    "id": policy.policy_id,
                    "name": policy.name,
                    "role": "admin",
                    "type": "corporate",
                    "outputCurrency": "USD",
                    "owner": "owner@acme.example",
                }
                for policy in policies.values()
            ]
            self.answer_json(200, {"policyList": listed, "responseCode": 200})
            return
        asked = [policies[one] for one in settings.get("policyIDList", []) if one in policies]
        found = {policy.policy_id: _described(policy.offered) for policy in asked}
        self.answer_json(200, {"policyInfo": found, "responseCode": 200})

    def _export(self, job: dict[str, Any], template: str) -> None:
        settings = job.get("inputSettings", {})
        if settings.get("type") != "combinedReportData" or not settings.get("filters"):
            self._refuse(410, "Required parameter 'filters' is missing")
            return
        try:
            content = render(template, {"reports": self._chosen(settings)})
        except (TemplateError, KeyError, IndexError) as error:
            self._refuse(500, f"Template error: {error}")
            return
        name = f"export{uuid.uuid4()}.json"
        self.expensify.files[name] = [self.expensify.polls_until_ready, content]
        self.answer(200, name.encode())

    def _chosen(self, settings: dict[str, Any]) -> list[dict[str, Any]]:
        filters = settings["filters"]
        states = settings.get("reportState", "").split(",")
        ids = filters.get("reportIDList", "").split(",")
        policies = filters.get("policyIDList", "").split(",")
        return [
            report
            for report in self.expensify.office.reports.values()
            if report["status"] in states
            and (ids == [""] or report["reportID"] in ids)
            and (policies == [""] or report["policyID"] in policies)
            and max(report["submitted"], report["created"])[:10] >= filters.get("startDate", "")
            and (
                "approvedAfter" not in filters or report["approved"][:10] > filters["approvedAfter"]
            )
        ]

    def _download(self, name: str) -> None:
        if name not in self.expensify.files:
            self._refuse(404, "File not found")
            return
        waiting, content = self.expensify.files[name]
        if waiting:
            self.expensify.files[name][0] -= 1
            self.answer(200, b"")
            return
        self.answer(200, content.encode())

    def _is_too_often(self) -> bool:
        now = self.expensify.office.now().timestamp()
        moments = self.expensify.moments
        moments.append(now)
        return any(
            sum(now - seconds < moment <= now for moment in moments) > count
            for count, seconds in _WINDOWS
        )

    def _fail(self, kind: str, detail: str) -> None:
        self.expensify.requests.append(kind)
        if kind == "html":
            self.answer_html()
        elif kind == "drop":
            self.drop()
        elif kind == "broken-file":
            self.answer(200, b'{"reports":[{"id":"R1",')
        elif kind == "never-ready":
            self.answer(200, b"")
        elif kind == "http-500":
            self._refuse(500, "Internal error", status=500)
        else:
            self._refuse(int(kind), detail or "refused")

    def _refuse(self, code: int, message: str, *, status: int = 200) -> None:
        self.answer_json(status, {"responseCode": code, "responseMessage": message})


def _is_after(approved: str, day: str | None) -> bool:
    return day is None or approved[:10] > day


def _described(offered: dict[str, dict[str, bool]]) -> dict[str, Any]:
    levels = sorted(place for place in offered if place.startswith("tag:"))
    tags: list[dict[str, Any]] = [
        {
            "name": place,
            "tags": [
                {"name": text, "enabled": enabled, "glCode": ""}
                for text, enabled in offered[place].items()
            ],
        }
        for place in levels
    ]
    fields = [
        {
            "name": place.removeprefix("report_field:"),
            "type": "dropdown",
            "values": [text for text, enabled in values.items() if enabled],
        }
        for place, values in offered.items()
        if place.startswith("report_field:")
    ]
    # One level comes as a flat list of tags, several as a list of levels.
    return {"tags": tags[0]["tags"] if len(tags) == 1 else tags, "reportFields": fields}
