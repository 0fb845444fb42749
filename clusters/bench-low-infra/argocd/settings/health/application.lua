-- Healthy only when the child has synced what its specification names now, so that a parent's waves really wait.
local status = obj.status or {}
local sync = status.sync or {}
local health = status.health or {}
local operation = status.operationState or {}

if sync.status == nil or health.status == nil then
  return { status = "Progressing", message = "not compared yet" }
end

local compared = (sync.comparedTo or {}).source or {}
local wanted = obj.spec.source or {}
for _, field in ipairs({ "repoURL", "path", "chart", "targetRevision" }) do
  if compared[field] ~= wanted[field] then
    return { status = "Progressing", message = field .. " changed and is not compared yet" }
  end
end

if operation.phase == "Failed" or operation.phase == "Error" then
  return { status = "Degraded", message = operation.message or "sync failed" }
end
if operation.phase == "Running" or operation.phase == "Terminating" then
  return { status = "Progressing", message = operation.message or "syncing" }
end
if sync.status ~= "Synced" then
  return { status = "Progressing", message = "waiting to sync" }
end
return { status = health.status, message = health.message or "" }
