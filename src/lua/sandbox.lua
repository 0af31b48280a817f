-- Lays a sandbox around the globals of a fresh machine; see sandbox.rs.
-- What is local here is out of the scripts' reach.
local host, libraries = ...
local rawpcall, rawxpcall, rawset, rawget, rawtype = pcall, xpcall, rawset, rawget, type
local setmetatable, getmetatable, select, unpack, next = setmetatable, getmetatable, select, unpack, next
local error, rawloadstring, setfenv, concat, byte = error, loadstring, setfenv, table.concat, string.byte
local caught, check, collect = host.caught, host.check, host.collect

local READONLY = "Attempt to modify a readonly table"

-- Stand-ins and the tables behind them.
local behind = {}

local function refuse()
  error(READONLY, 2)
end

local locked = setmetatable({}, { __newindex = refuse, __metatable = false })
behind[locked] = {}

-- A table that reads as another and cannot be written.
local function stand_in(real)
  local proxy = setmetatable({}, { __index = real, __newindex = refuse, __metatable = locked })
  behind[proxy] = real
  return proxy
end

-- The global names a script may use.
local real = {}
for _, name in ipairs({
  "assert", "collectgarbage", "error", "gcinfo", "getmetatable", "ipairs", "next", "pairs", "rawequal", "select",
  "setmetatable", "tonumber", "tostring", "type", "unpack", "_VERSION",
}) do
  real[name] = _G[name]
end

-- A pcall that failed: an error of a command is its text, as in Redis; a stopped script stays stopped.
local function settle(ok, ...)
  if ok then
    return true, ...
  end
  local value = caught((...))
  if rawtype(value) == "table" then
    local text = rawget(value, "err")
    if rawtype(text) == "string" then
      return false, text
    end
  end
  return false, value
end

function real.pcall(...)
  return settle(rawpcall(...))
end

local function settle_handled(ok, ...)
  check()
  return ok, ...
end

function real.xpcall(run, handler)
  return settle_handled(rawxpcall(run, function(raised)
    return handler(caught(raised))
  end))
end

local function settle_resumed(ok, ...)
  if ok then
    return true, ...
  end
  return false, caught((...))
end

local coroutine = libraries.coroutine
local rawresume = coroutine.resume
function coroutine.resume(...)
  return settle_resumed(rawresume(...))
end

function real.rawget(t, key)
  return rawget(behind[t] or t, key)
end

function real.rawset(t, key, value)
  if behind[t] then
    error(READONLY, 0)
  end
  return rawset(t, key, value)
end

function real.setmetatable(t, metatable)
  if behind[t] then
    error(READONLY, 0)
  end
  return setmetatable(t, metatable)
end

function real.collectgarbage(what)
  if what == nil or what == "collect" or what == "step" then
    collect()
    return 0
  end
  return what == "count" and gcinfo() or 0
end

local globals

-- Byte code is not run: behind a blank, no text begins as it does.
function real.loadstring(text, name)
  local run, wrong = rawloadstring(byte(text, 1) == 27 and " " .. text or text, name or text)
  if run then
    setfenv(run, globals)
  end
  return run, wrong
end

function real.load(read, name)
  local pieces = {}
  repeat
    local piece = read()
    pieces[#pieces + 1] = piece
  until piece == nil or piece == ""
  return real.loadstring(concat(pieces), name or "=(load)")
end

for name, library in next, libraries do
  real[name] = stand_in(library)
end

local strings = getmetatable("")
strings.__index = libraries.string
strings.__metatable = stand_in({ __index = real.string })

setmetatable(real, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
})
globals = setmetatable({}, { __index = real, __newindex = refuse, __metatable = locked })
behind[globals] = real
real._G = globals

-- Removes what a script has put into the stand-ins, where C functions let it.
local function clean()
  for proxy in next, behind do
    local key = next(proxy)
    while key ~= nil do
      rawset(proxy, key, nil)
      key = next(proxy)
    end
  end
end

return globals, real, clean, rawxpcall
