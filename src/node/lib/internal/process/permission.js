// Why not Node's: the sandbox as a whole is the permission model.
module.exports = { isEnabled: () => false, has: () => true, availableFlags: () => [] };
