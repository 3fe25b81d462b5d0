"""The simulated Expensify on the wire: one endpoint, errors under 200, files that take a while."""

from __future__ import annotations

import json
import re
import time
import uuid
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

from monitor.simulator.expensify.exporter import Refused, exported
from monitor.simulator.expensify.freemarker import TemplateError, render
from monitor.simulator.expensify.getter import policy_details, policy_list
from monitor.simulator.web import Page

if TYPE_CHECKING:
    from monitor.simulator.world import Expensify

_PATH = "/Integration-Server/ExpensifyIntegrations"
_MOST_RENDERED = 3
_WINDOWS = ((5, 10.0), (20, 60.0))


class ExpensifyPage(Page):
    """One request to Expensify; `expensify` is set by the server."""

    expensify: ClassVar[Expensify]

    def date(self) -> float:
        return self.expensify.office.now().timestamp()

    def about(self) -> str:
        """The type of the job, and of what it is about."""
        job = self.form(self.read_body()).get("requestJobDescription", "")
        return " ".join(["expensify", *re.findall(r'"type"\s*:\s*"(\w+)"', job)])

    def refuse(self, status: int, headers: dict[str, str]) -> None:
        """Most of its refusals come under HTTP 200."""
        is_http = status in (429, 500)
        told = {"responseCode": status, "responseMessage": "refused"}
        self.answer_json(status if is_http else 200, told, headers=headers)

    def respond(self) -> None:
        form = self.form(self.read_body())
        kind, detail = self.expensify.faults.take(form.get("requestJobDescription", ""))
        time.sleep(self.expensify.latency(form.get("requestJobDescription", "")))
        if self.path_only != _PATH:
            self._refuse(404, "Not found", status=404)
        elif kind:
            self._fail(kind, detail)
        elif self._is_too_often():
            self._refuse(429, "Too many requests", status=429)
        else:
            self._take(form)

    def _take(self, form: dict[str, str]) -> None:
        try:
            job = _described(form)
            given = job.pop("credentials", {})
            self.expensify.requests.append(str(job.get("type")))
            self.expensify.office.asked.append(job)
            self._check_credentials(given)
            self._job(job, form.get("template", ""))
        except Refused as refused:
            self._refuse(refused.code, str(refused))

    def _check_credentials(self, given: dict[str, Any]) -> None:
        pair = (given.get("partnerUserID"), given.get("partnerUserSecret"))
        if pair != self.expensify.credentials:
            raise Refused(401, "Authentication error")

    def _job(self, job: dict[str, Any], template: str) -> None:
        if job.get("type") == "get":
            self._get(job.get("inputSettings", {}))
        elif job.get("type") == "file":
            self._export(job, template)
        elif job.get("type") == "download":
            self._download(str(job.get("fileName")))
        else:
            raise Refused(410, "Argument 'type' is missing or malformed")

    def _get(self, settings: dict[str, Any]) -> None:
        office = self.expensify.office
        if settings.get("type") == "policyList":
            self.answer_json(200, {"policyList": policy_list(office), "responseCode": 200})
            return
        if settings.get("type") != "policy":
            raise Refused(410, "Argument 'type' is missing or malformed")
        if not isinstance(settings.get("policyIDList"), list):
            raise Refused(410, "Required parameter 'policyIDList' is missing")
        found = {
            policy_id: policy_details(office.policies[policy_id], settings.get("fields", ()))
            for policy_id in settings["policyIDList"]
            if policy_id in office.policies
        }
        if not found:
            raise Refused(404, "Policy not found")
        self.answer_json(200, {"policyInfo": found, "responseCode": 200})

    def _export(self, job: dict[str, Any], template: str) -> None:
        reports = exported(self.expensify.office, job.get("inputSettings", {}))
        if not template:
            raise Refused(410, "Required parameter 'template' is missing")
        try:
            content = self._rendered(template, reports)
        except TemplateError as error:
            raise Refused(500, f"Template error: {error}") from error
        name = f"export{uuid.uuid4()}.{job['outputSettings']['fileExtension']}"
        self.expensify.files[name] = [self.expensify.polls_until_ready, content]
        self.answer(200, name.encode())

    def _rendered(self, template: str, reports: list[dict[str, Any]]) -> str:
        """Rendered once for as long as the reports stay as they are: large exports take minutes."""
        known = self.expensify.rendered
        key = sha256(f"{template}\0{json.dumps(reports)}".encode()).hexdigest()
        content = known.pop(key, None) or render(template, {"reports": reports})
        known[key] = content
        for oldest in list(known)[:-_MOST_RENDERED]:
            del known[oldest]
        return content

    def _download(self, name: str) -> None:
        if name not in self.expensify.files:
            raise Refused(404, "File not found")
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
        """Go wrong: "html", "drop", "cut", "broken-file", "never-ready", "body" (`detail` is all),
        "slow-down" (for `detail` seconds), a code under HTTP 200, or "http-" and a code.
        """
        self.expensify.requests.append(kind)
        bodies = {"broken-file": '{"reports":[{"id":"R1",', "never-ready": "", "body": detail}
        if kind == "html":
            self.answer_html()
        elif kind == "drop":
            self.drop()
        elif kind == "cut":
            self.answer_cut(b'{"policyList": [], "responseCode": 200}')
        elif kind == "slow-down":
            refusal = {"responseCode": 429, "responseMessage": "Too many requests"}
            self.answer_json(429, refusal, headers={"Retry-After": detail})
        elif kind in bodies:
            self.answer(200, bodies[kind].encode())
        elif kind.startswith("http-"):
            code = int(kind.removeprefix("http-"))
            self._refuse(code, detail or "Internal error", status=code)
        else:
            self._refuse(int(kind), detail or "refused")

    def _refuse(self, code: int, message: str, *, status: int = 200) -> None:
        self.answer_json(status, {"responseCode": code, "responseMessage": message})


def _described(form: dict[str, str]) -> dict[str, Any]:
    try:
        job = json.loads(form["requestJobDescription"])
    except (KeyError, ValueError) as error:
        raise Refused(410, "requestJobDescription is missing or malformed") from error
    if not isinstance(job, dict):
        raise Refused(410, "requestJobDescription is malformed")
    return job
