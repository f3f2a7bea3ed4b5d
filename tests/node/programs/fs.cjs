// Files: sync, callback and promise forms, and the errors of each.
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'handfast-'));
const at = (...names) => path.join(dir, ...names);
const hide = (text) => String(text).replaceAll(dir, 'DIR');
const attempt = (name, body) => {
  try {
    const value = body();
    console.log(name, value === undefined ? '' : value);
  } catch (e) {
    console.log(
      name,
      'THROWS',
      hide(e.message),
      e.code,
      e.errno,
      e.syscall,
      e.path && hide(e.path),
      e.dest && hide(e.dest),
      Object.keys(e).join(),
    );
  }
};
attempt('read missing', () => fs.readFileSync(at('no')));
attempt('read missing utf8', () => fs.readFileSync(at('no'), 'utf8'));
attempt('read dir', () => fs.readFileSync(dir));
attempt('read dir utf8', () => fs.readFileSync(dir, 'utf8'));
attempt('write', () => fs.writeFileSync(at('a.txt'), 'hello'));
attempt('append', () => fs.appendFileSync(at('a.txt'), Buffer.from(' world')));
attempt('read', () => fs.readFileSync(at('a.txt'), 'utf8'));
attempt('read buffer', () => fs.readFileSync(at('a.txt')));
attempt('read latin1', () => fs.readFileSync(at('a.txt'), { encoding: 'base64' }));
attempt('write in missing dir', () => fs.writeFileSync(at('x', 'y'), 'z'));
attempt('write to dir', () => fs.writeFileSync(dir, 'z'));
attempt('under a file', () => fs.readFileSync(at('a.txt', 'b')));
attempt('wx', () => fs.writeFileSync(at('a.txt'), 'z', { flag: 'wx' }));
attempt('exists', () => [fs.existsSync(at('a.txt')), fs.existsSync(at('b')), fs.existsSync(undefined)]);
attempt('stat', () => {
  const s = fs.statSync(at('a.txt'));
  return [
    s.size,
    s.isFile(),
    s.isDirectory(),
    s.isSymbolicLink(),
    s.mtime instanceof Date,
    s.mode.toString(8),
  ];
});
attempt('stat missing', () => fs.statSync(at('b')));
attempt('stat quiet', () => [fs.statSync(at('b'), { throwIfNoEntry: false })]);
attempt('lstat missing', () => fs.lstatSync(at('b')));
attempt('mkdir', () => fs.mkdirSync(at('d')));
attempt('mkdir again', () => fs.mkdirSync(at('d')));
attempt('mkdir deep', () => fs.mkdirSync(at('e', 'f')));
attempt('mkdir recursive', () => hide(fs.mkdirSync(at('e', 'f', 'g'), { recursive: true })));
attempt('mkdir recursive again', () => [fs.mkdirSync(at('e', 'f', 'g'), { recursive: true })]);
attempt('mkdir over file', () => fs.mkdirSync(at('a.txt'), { recursive: true }));
attempt('readdir', () => fs.readdirSync(dir));
attempt('readdir types', () =>
  fs.readdirSync(dir, { withFileTypes: true }).map((d) => [d.name, d.isDirectory(), hide(d.parentPath)]),
);
attempt('readdir recursive', () => fs.readdirSync(dir, { recursive: true }).sort());
attempt('readdir missing', () => fs.readdirSync(at('zz')));
attempt('readdir file', () => fs.readdirSync(at('a.txt')));
attempt('rename', () => fs.renameSync(at('a.txt'), at('d', 'b.txt')));
attempt('rename missing', () => fs.renameSync(at('a.txt'), at('c')));
attempt('copy', () => fs.copyFileSync(at('d', 'b.txt'), at('c.txt')));
attempt('copy excl', () => fs.copyFileSync(at('d', 'b.txt'), at('c.txt'), fs.constants.COPYFILE_EXCL));
attempt('copy missing', () => fs.copyFileSync(at('q'), at('r')));
attempt('access', () => fs.accessSync(at('c.txt'), fs.constants.R_OK));
attempt('access missing', () => fs.accessSync(at('q')));
attempt('unlink dir', () => fs.unlinkSync(at('q')));
attempt('rmdir full', () => fs.rmdirSync(at('e')));
attempt('rmdir missing', () => fs.rmdirSync(at('q')));
attempt('rm dir', () => fs.rmSync(at('e')));
attempt('rm missing', () => fs.rmSync(at('q')));
attempt('rm force', () => fs.rmSync(at('q'), { force: true }));
attempt('rm recursive', () => fs.rmSync(at('e'), { recursive: true }));
attempt('truncate', () => {
  fs.truncateSync(at('c.txt'), 4);
  return fs.readFileSync(at('c.txt'), 'latin1');
});
attempt('fd', () => {
  const fd = fs.openSync(at('fd.bin'), 'w+');
  const n = fs.writeSync(fd, 'abcdef');
  fs.writeSync(fd, Buffer.from('XY'), 0, 2, 1);
  const b = Buffer.alloc(4);
  const r = fs.readSync(fd, b, 0, 4, 0);
  const size = fs.fstatSync(fd).size;
  fs.closeSync(fd);
  return [n, r, b.toString(), size];
});
attempt('bad fd', () => fs.closeSync(9999));
attempt('write bad fd', () => fs.writeSync(9999, 'x'));
attempt('bad path', () => fs.readFileSync(5.5));
attempt('bad path type', () => fs.statSync({}));
attempt('null byte', () => fs.statSync('a\0b'));
attempt('bad flag', () => fs.openSync(at('c.txt'), 'zz'));
attempt('bad encoding', () => fs.readFileSync(at('c.txt'), 'nope'));
attempt('bad data', () => fs.writeFileSync(at('c.txt'), { a: 1 }));
attempt('no callback', () => fs.readFile(at('c.txt')));
attempt('realpath', () => hide(fs.realpathSync(at('d', '..', 'c.txt'))));
attempt('realpath missing', () => fs.realpathSync(at('q')));
attempt('URL', () => fs.readFileSync(require('node:url').pathToFileURL(at('c.txt')), 'utf8'));
attempt('chmod', () => {
  fs.chmodSync(at('c.txt'), 0o600);
  return (fs.statSync(at('c.txt')).mode & 0o777).toString(8);
});
attempt('utimes', () => {
  fs.utimesSync(at('c.txt'), 10, 20);
  return fs.statSync(at('c.txt')).mtimeMs;
});
fs.readFile(at('no'), (err, data) => {
  console.log('callback', hide(err.message), err.code, data, hide(require('util').inspect(err)));
  fs.readFile(at('c.txt'), 'utf8', (err2, text) => {
    console.log(err2, text);
    fs.writeFile(at('w.txt'), 'written', (err3) => {
      console.log(err3);
      fs.stat(at('w.txt'), (err4, s) => {
        console.log(err4, s.size);
        promises();
      });
    });
  });
});
async function promises() {
  const fsp = fs.promises;
  for (const [name, body] of Object.entries({
    missing: () => fsp.readFile(at('no')),
    read: () => fsp.readFile(at('c.txt'), 'utf8'),
    write: () => fsp.writeFile(at('p.txt'), 'promised'),
    append: () => fsp.appendFile(at('p.txt'), '!'),
    back: () => fsp.readFile(at('p.txt'), 'utf8'),
    stat: async () => (await fsp.stat(at('p.txt'))).size,
    statMissing: () => fsp.stat(at('no')),
    mkdir: async () => hide(await fsp.mkdir(at('m', 'n'), { recursive: true })),
    readdir: () => fsp.readdir(dir),
    rmdir: () => fsp.rmdir(at('m')),
    rm: () => fsp.rm(at('m'), { recursive: true }),
    rmMissing: () => fsp.rm(at('m')),
    unlink: () => fsp.unlink(at('p.txt')),
    access: () => fsp.access(at('p.txt')),
    open: async () => {
      const h = await fsp.open(at('h.txt'), 'w+');
      await h.write('line 1\nline 2\n');
      const { bytesRead, buffer } = await h.read(Buffer.alloc(6), 0, 6, 0);
      const size = (await h.stat()).size;
      await h.close();
      return [bytesRead, buffer.toString(), size, h.fd];
    },
    lines: async () => {
      const h = await fsp.open(at('h.txt'));
      const lines = [];
      for await (const line of h.readLines()) lines.push(line);
      return lines;
    },
    opendir: async () => {
      const names = [];
      for await (const d of await fsp.opendir(dir)) names.push(d.name);
      return names.sort();
    },
    copy: () => fsp.copyFile(at('no'), at('no2')),
    rename: () => fsp.rename(at('no'), at('no2')),
    big: async () => typeof (await fsp.stat(at('h.txt'), { bigint: true })).size,
  })) {
    try {
      const value = await body();
      console.log(name, value === undefined ? '' : value);
    } catch (e) {
      console.log(name, 'REJECTS', hide(e.message), e.code, e.errno, e.syscall);
    }
  }
  const out = fs.createWriteStream(at('s.txt'));
  out.write('stream ');
  out.end('of text', () => {
    console.log(out.bytesWritten, hide(out.path));
    const chunks = [];
    fs.createReadStream(at('s.txt'), { start: 2, end: 8, highWaterMark: 3, encoding: 'utf8' })
      .on('open', (fd) => console.log('open', typeof fd))
      .on('data', (c) => chunks.push(c))
      .on('close', () => {
        console.log(chunks);
        fs.createReadStream(at('no')).on('error', (e) => {
          console.log(e.code, hide(e.message));
          fs.rmSync(dir, { recursive: true });
          console.log(fs.existsSync(dir));
        });
      });
  });
}
