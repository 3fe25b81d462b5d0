<#-- Pending reports as one JSON document; rendered by Expensify, parsed by parse.py -->
<#function text value>
<#if value?is_boolean || value?is_number><#return value?c></#if>
<#if value?is_string><#return value></#if>
<#return "">
</#function>
<#function has value>
<#if value?is_sequence || value?is_string><#return value?has_content></#if>
<#if value?is_boolean><#return value></#if>
<#return false>
</#function>
{"reports":[<#list reports as report>
{"id":"${text((report.reportID)!"")?json_string}","policy":"${text((report.policyID)!"")?json_string}",
"name":"${text((report.reportName)!"")?json_string}","submitter":"${text((report.accountEmail)!"")?json_string}",
"status":"${text((report.status)!"")?json_string}","state":"${text((report.state)!"")?json_string}",
"total":"${text((report.total)!"")?json_string}","currency":"${text((report.currency)!"")?json_string}",
"created":"${text((report.created)!"")?json_string}","submitted":"${text((report.submitted)!"")?json_string}",
"approved":"${text((report.approved)!"")?json_string}",
"fields":{@FIELDS@},
"lines":[<#list (report.transactionList)![] as line>
{"id":"${text((line.transactionID)!"")?json_string}","tag":"${text((line.tag)!"")?json_string}",
"tags":[@TAGS@],
"category":"${text((line.category)!"")?json_string}","bank":"${text((line.bank)!"")?json_string}",
"card":"${text((line.cardName)!"")?json_string}",
"billable":"${text((line.billable)!"")?json_string}","reimbursable":"${text((line.reimbursable)!"")?json_string}"}<#sep>,</#sep></#list>],
"history":[<#list (report.actionList)![] as action>
{"action":"${text((action.action)!"")?json_string}","created":"${text((action.created)!"")?json_string}",
"label":"${text((action.details.label)!"")?json_string}","message":"${text((action.details.message)!"")?json_string}",
"messages":[<#list (action.details.result.messages)![] as said>"${text(said!"")?json_string}"<#sep>,</#sep></#list>],
"manual":"${text((action.details.markedManually)!"")?json_string}",
"reimbursable":<#if (action.details.reimbursableUrls)??>"${has(action.details.reimbursableUrls)?c}"<#else>""</#if>,
"card":<#if (action.details.nonReimbursableUrls)??>"${has(action.details.nonReimbursableUrls)?c}"<#else>""</#if>}<#sep>,</#sep></#list>]}<#sep>,</#sep></#list>
]}
