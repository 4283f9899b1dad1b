-- A storage for archives that reads a user's once and then holds it in memory.
-- Prosody's own reads the whole file again for each page, which for a long
-- archive takes longer than all that is to be measured. What is appended is
-- forgotten when the server stops.
local dm = require "core.storagemanager".olddm;
local st = require "util.stanza";
local id = require "util.id".medium;
local now = require "util.time".now;

local held = {};

-- The items of a user: all of them, those with each address, and each by its id.
local function load(store, user)
	local name = store.."\0"..user;
	local h = held[name];
	if not h then
		h = { all = {}, with = {}, ids = {} };
		held[name] = h;
		function h.add(item)
			local with = h.with[item.with] or {};
			h.with[item.with] = with;
			item.n = #h.all + 1;
			h.all[item.n], with[#with+1], h.ids[item.key] = item, item, item;
		end
		for _, x in ipairs(dm.list_load(user, module.host, store) or {}) do
			h.add({ key = x.key, when = x.when, with = x.with, stanza = st.deserialize(x) });
		end
	end
	return h;
end

-- The place of the first item of which the field is not less than a value.
local function first(items, field, value)
	local low, high = 1, #items + 1;
	while low < high do
		local mid = math.floor((low + high) / 2);
		if items[mid][field] < value then low = mid + 1; else high = mid; end
	end
	return low;
end

local archive = { caps = { total = true, full_id_range = true } };
archive.__index = archive;

function archive:append(user, key, value, when, with)
	local item = { key = key or id(), when = when or now(), with = with or "", stanza = st.clone(value) };
	load(self.store, user).add(item);
	return item.key;
end

function archive:find(user, query)
	query = query or {};
	local h = load(self.store, user);
	local items = query.with and (h.with[query.with] or {}) or h.all;
	local from, to = 1, #items;
	if query.start then from = first(items, "when", query.start); end
	if query["end"] then to = first(items, "when", query["end"] + 0.000001) - 1; end
	local count = math.max(0, to - from + 1);
	for _, edge in ipairs({ "after", "before" }) do
		if query[edge] then
			local item = h.ids[query[edge]];
			if not item then return nil, "item-not-found"; end
			if edge == "after" then
				from = math.max(from, first(items, "n", item.n + 1));
			else
				to = math.min(to, first(items, "n", item.n) - 1);
			end
		end
	end
	local at, stop, step = from, to, 1;
	if query.reverse then at, stop, step = to, from, -1; end
	local left = query.limit or #items;
	return function ()
		if left == 0 or (stop - at) * step < 0 then return; end
		local item = items[at];
		at, left = at + step, left - 1;
		if item.n == 1 and query.before then module:log("info", "%s has read back to the first of %s", user, self.store); end
		return item.key, item.stanza, item.when, item.with;
	end, count;
end

local driver = {};

function driver:open(store, kind)
	if kind ~= "archive" then return nil, "unsupported-store"; end
	return setmetatable({ store = store }, archive);
end

module:provides("storage", driver);
