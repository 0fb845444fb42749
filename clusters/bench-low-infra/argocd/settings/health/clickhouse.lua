-- ClickHouseInstallation. A raised taskID is not done before the status carries it.
local status = obj.status or {}
local wanted = (obj.spec or {}).taskID

if wanted ~= nil and status.taskID ~= wanted then
  return { status = "Progressing", message = "the operator has not taken up task " .. wanted }
end
if status.status == "Completed" then
  return { status = "Healthy", message = "reconciled" }
end
if status.status == "Aborted" then
  return { status = "Degraded", message = status.error or "the operator gave up reconciling" }
end
return { status = "Progressing", message = status.status or "not seen by the operator" }
