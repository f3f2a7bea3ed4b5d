// Why not Node's: it reads snapshot files as scripts, in a context of `vm`.
const {
  codes: { ERR_FEATURE_UNAVAILABLE_ON_PLATFORM },
} = require('internal/errors');

const unavailable = () => {
  throw new ERR_FEATURE_UNAVAILABLE_ON_PLATFORM('Snapshots of node:test');
};

class SnapshotManager {
  createAssert() {
    return unavailable;
  }
  createFileAssert() {
    return unavailable;
  }
  writeSnapshotFiles() {}
}

module.exports = {
  SnapshotManager,
  setDefaultSnapshotSerializers: unavailable,
  setResolveSnapshotPath: unavailable,
};
