-- The built-in check calls a deployed job healthy even while it fails, and waits for ever after a rollback.
local status = obj.status or {}
local lifecycle = status.lifecycleState
local job = (status.jobStatus or {}).state
local suspended = ((obj.spec or {}).job or {}).state == "suspended"
local reason = status.error or ""

if lifecycle == "FAILED" or lifecycle == "ROLLED_BACK" then
  return { status = "Degraded", message = lifecycle .. ": " .. reason }
end
-- What the operator refuses it does not take up, and says so in the words of its validator.
if obj.metadata.generation ~= status.observedGeneration and string.find(reason, "ValidationException", 1, true) then
  return { status = "Degraded", message = "refused: " .. reason }
end
-- Meant to be suspended is well: "Suspended" would keep the wave waiting.
if suspended and (lifecycle == "SUSPENDED" or lifecycle == "CREATED") then
  return { status = "Healthy", message = "suspended as asked" }
end
if not suspended and obj.metadata.generation ~= status.observedGeneration then
  return { status = "Progressing", message = "the operator has not taken up the change: " .. reason }
end
if lifecycle == "STABLE" and job == "RUNNING" then
  return { status = "Healthy", message = "running" }
end
-- A job that restarts while it starts may still get there; one that ran well before may not be called well now.
if lifecycle == "STABLE" and (job == "FAILING" or job == "FAILED" or job == "RESTARTING") then
  return { status = "Degraded", message = "job " .. job .. ": " .. reason }
end
return { status = "Progressing", message = (lifecycle or "not seen by the operator") .. ": " .. reason }
