<#-- Pending reports as one JSON document; rendered by Expensify, parsed by parse.py -->
<#-- Every value may be absent or of another type than expected (an empty list where a hash should
     be): one of them must not fail the whole file. Nobody says which FreeMarker Expensify runs: use
     none of its newer parts, like <#sep>. -->
<#function part owner name>
<#if owner?is_hash && owner[name]??><#return owner[name]></#if>
<#return "">
</#function>
<#function text value>
<#if value?is_boolean || value?is_number><#return value?c></#if>
<#if value?is_date><#return value?string("yyyy-MM-dd'T'HH:mm:ssZ")></#if>
<#if value?is_string><#return value></#if>
<#return "">
</#function>
<#function word owner name>
<#return text(part(owner, name))?json_string>
</#function>
<#function each value>
<#if value?is_enumerable><#return value></#if>
<#if value?is_string && value?has_content><#return [value]></#if>
<#return []>
</#function>
<#function covers owner name>
<#if owner?is_hash && owner[name]??>
<#if owner[name]?is_boolean><#return owner[name]?c></#if>
<#return owner[name]?has_content?c>
</#if>
<#return "">
</#function>
{"reports":[<#list reports as report>
{"id":"${word(report, "reportID")}","policy":"${word(report, "policyID")}",
"name":"${word(report, "reportName")}","submitter":"${word(report, "accountEmail")}",
"status":"${word(report, "status")}","state":"${word(report, "state")}",
"total":"${word(report, "total")}","currency":"${word(report, "currency")}",
"created":"${word(report, "created")}","submitted":"${word(report, "submitted")}",
"approved":"${word(report, "approved")}",
"fields":{@FIELDS@},
"lines":[<#list each(part(report, "transactionList")) as line>
{"id":"${word(line, "transactionID")}","tag":"${word(line, "tag")}",
"tags":[@TAGS@],
"category":"${word(line, "category")}","bank":"${word(line, "bank")}","card":"${word(line, "cardName")}",
"billable":"${word(line, "billable")}","reimbursable":"${word(line, "reimbursable")}"}<#if line_has_next>,</#if></#list>],
"history":[<#list each(part(report, "actionList")) as action>
{"action":"${word(action, "action")}","created":"${word(action, "created")}",
"label":"${word(part(action, "details"), "label")}","message":"${word(part(action, "details"), "message")}",
"messages":[<#list each(part(part(part(action, "details"), "result"), "messages")) as said>"${text(said!"")?json_string}"<#if said_has_next>,</#if></#list>],
"manual":"${word(part(action, "details"), "markedManually")}",
"reimbursable":"${covers(part(action, "details"), "reimbursableUrls")}",
"card":"${covers(part(action, "details"), "nonReimbursableUrls")}"}<#if action_has_next>,</#if></#list>]}<#if report_has_next>,</#if></#list>
]}
