// An oracle for patches: makes cases from real files, and judges what came out of them, with acorn.
//
//   node oracle.js NODE_MODULES make  < {seed, count, files: [{name, text}]}   > [{name, template, text, diff, matches}]
//   node oracle.js NODE_MODULES judge < [{..., after}]                          > [{wanted, wrong}]
//
// `after` is null where the file was left alone. `wanted` is the number of places; `wrong` says how the tree of `after`
// differs from the oracle's, or is null.
'use strict';

const fs = require('fs');
const path = require('path');

const modules = path.resolve(process.argv[2]);
const acorn = require(path.join(modules, 'acorn'));
const astring = require(path.join(modules, 'astring'));
const { parse, normal, difference, isNode, LISTS } = require('./tree.js');
const { compile, edit } = require('./edit.js');
const templates = require('./templates.js');

const SMALL = [120, 3000];

// mulberry32: the same numbers from the same seed on every machine
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function* nodes(node) {
  yield node;
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) if (isNode(item)) yield* nodes(item);
  }
}

// A stretch of a real file: some statements of one list, or all of it.
function piece(file, pick) {
  const lists = [...nodes(file.tree)].filter((node) => LISTS[node.type] && node.type !== 'SwitchCase' && node[LISTS[node.type]].length);
  const list = pick([...lists, ...Array(lists.length >> 1).fill(file.tree)]).body;
  const first = Math.floor(pick.random() * list.length);
  let last = first;
  const size = () => list[last].end - list[first].start;
  while (last + 1 < list.length && size() < SMALL[0] + pick.random() * SMALL[1]) last++;
  if (size() > SMALL[1] * 2) return null;
  const text = file.text.slice(list[first].start, list[last].end);
  const start = file.text.lastIndexOf('\n', list[first].start) + 1;
  const indent = /^[ \t]*$/.test(file.text.slice(start, list[first].start)) ? file.text.slice(start, list[first].start) : '';
  try {
    parse(acorn, text);
    return `${indent}${text}\n`;
  } catch {
    const inside = `function piece() {\n${indent}${text}\n}\n`; // it has a break, an await or super
    try {
      parse(acorn, inside);
      return inside;
    } catch {
      return null;
    }
  }
}

const DRESSES = [
  ...Array(5).fill((text) => text),
  (text) => text.replace(/\r?\n/g, '\r\n'),
  (text) => astring.generate(parse(acorn, text), { indent: '', lineEnd: '' }), // minified by white space
  (text) => text.replace(/^ +/gm, (blank) => '\t'.repeat(Math.ceil(blank.length / 2))),
];

const PLAIN = /^(?!super\b|import\b)[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$|^this(\.[A-Za-z_]\w*)+$/;
const WORD = /^[A-Za-z_]\w*$/;

// What a template's words can be in this piece.
function vocabulary(text, tree) {
  const found = { CALL: [], PROP: [], KEY: [], NAME: [], MODULE: [] };
  for (const node of nodes(tree)) {
    if ((node.type === 'CallExpression' || node.type === 'NewExpression') && node.callee.type !== 'Super') {
      const name = text.slice(node.callee.start, node.callee.end);
      if (PLAIN.test(name)) found.CALL.push(name);
    }
    if (node.type === 'MemberExpression' && !node.computed && WORD.test(node.property.name)) found.PROP.push(node.property.name);
    if (node.type === 'MethodDefinition' && WORD.test(node.key.name)) found.PROP.push(node.key.name);
    if (node.type === 'Property' && !node.computed && WORD.test(node.key.name)) found.KEY.push(node.key.name);
    if ((node.type === 'VariableDeclarator' || node.type === 'FunctionDeclaration') && node.id && WORD.test(node.id.name)) found.NAME.push(node.id.name);
    if (node.type === 'ImportDeclaration') found.MODULE.push(node.source.value);
    if (node.type === 'CallExpression' && node.callee.name === 'require' && typeof node.arguments[0]?.value === 'string') found.MODULE.push(node.arguments[0].value);
  }
  return found;
}

function fillIn(template, words, pick) {
  let lacking = false;
  const chosen = {};
  const diff = template.replace(/\b(CALL|PROP|KEY|NAME|MODULE)\b/g, (word) => {
    if (!words[word].length) lacking = true;
    return (chosen[word] ??= pick(words[word]));
  });
  return lacking ? null : diff;
}

function make({ seed, count, files }) {
  const next = random(seed);
  const pick = (list) => list[Math.floor(next() * list.length)];
  pick.random = next;
  const read = files.flatMap((file) => {
    try {
      return [{ ...file, tree: parse(acorn, file.text) }];
    } catch {
      return []; // JSX, a template, a test of parsers
    }
  });
  const cases = [];
  const names = Object.keys(templates);
  for (let tries = 0; cases.length < count && tries < count * 100; tries++) {
    const file = pick(read);
    const plain = piece(file, pick);
    if (plain === null) continue;
    let text;
    try {
      text = pick(DRESSES)(plain);
    } catch {
      continue;
    }
    const tree = parse(acorn, text);
    const words = vocabulary(text, tree);
    const same = normal(tree);
    for (let turn = 0, made = 0; turn < 40 && made < 4; turn++) {
      const template = pick(names);
      const diff = fillIn(templates[template], words, pick);
      if (diff === null || edit(compile(acorn, diff), same, true).count === 0) continue;
      cases.push({ name: file.name, template, text, diff, matches: next() < 0.2 ? 'one' : 'all' });
      made++;
    }
  }
  return cases.slice(0, count);
}

function judge(one) {
  const read = parse(acorn, one.text);
  const before = normal(read);
  const patch = compile(acorn, one.diff);
  const inside = edit(patch, before, true);
  if (one.after === null) return { wanted: inside.count, wrong: null };
  let tree;
  try {
    tree = normal(parse(acorn, one.after, read));
  } catch (error) {
    return { wanted: inside.count, wrong: `acorn: ${error.message}` };
  }
  const wrong = difference(inside.tree, tree);
  if (wrong === null || difference(edit(patch, before, false).tree, tree) === null) return { wanted: inside.count, wrong: null };
  let again = inside.tree; // what an edit makes a place for the patch is edited too
  for (let turn = 0; turn < 8 && difference(again, tree) !== null; turn++) again = edit(patch, again, true).tree;
  return { wanted: inside.count, wrong: difference(again, tree) && wrong };
}

const input = JSON.parse(fs.readFileSync(0, 'utf8'));
console.log(JSON.stringify(process.argv[3] === 'make' ? make(input) : input.map(judge)));
