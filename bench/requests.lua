-- For wrk: sends the requests in a file in turn. Each line is a request: path, cookie and form, separated by tabs.
-- "{key}" in a form becomes a new submission key each time.

local requests, turn = {}, 0

local function key()
  return (string.gsub("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx", "x", function()
    return string.format("%x", math.random(0, 15))
  end))
end

function init(args)
  math.randomseed(os.time() + math.floor(os.clock() * 1000000))
  for line in io.lines(args[1]) do
    local path, cookie, body = string.match(line, "([^\t]*)\t([^\t]*)\t(.*)")
    local headers = { ["Accept-Encoding"] = "gzip, br" }
    if cookie ~= "" then headers["Cookie"] = cookie end
    if body == "" then
      requests[#requests + 1] = { ready = wrk.format("GET", path, headers) }
    else
      headers["Content-Type"] = "application/x-www-form-urlencoded"
      requests[#requests + 1] = { path = path, headers = headers, body = body }
    end
  end
end

function request()
  turn = turn % #requests + 1
  local asked = requests[turn]
  if asked.ready then return asked.ready end
  return wrk.format("POST", asked.path, asked.headers, (string.gsub(asked.body, "{key}", key)))
end
