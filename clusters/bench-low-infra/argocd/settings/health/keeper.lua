-- ClickHouseKeeperInstallation. Its operator leaves status.taskID empty and keeps what it has done, with its taskID, beside it.
local status = obj.status or {}
local wanted = (obj.spec or {}).taskID
local done = (status.normalizedCompleted or {}).spec or {}

if status.status == "Aborted" then
  return { status = "Degraded", message = status.error or "the operator gave up reconciling" }
end
if status.status ~= "Completed" then
  return { status = "Progressing", message = status.status or "not seen by the operator" }
end
if wanted ~= nil and done.taskID ~= wanted then
  return { status = "Progressing", message = "the operator has not done task " .. wanted }
end
return { status = "Healthy", message = "reconciled" }
