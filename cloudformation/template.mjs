// Reads a CloudFormation template, and resolves it: with parameters given, what each resource would be told.

import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';

/** @typedef {Record<string, any>} Template  as JSON, functions in their long form */

/**
 * @param {string} text YAML with the short forms of functions
 * @returns {Template}
 */
export function parseTemplate(text) {
  const document = parseDocument(text, { logLevel: 'silent', merge: false });
  if (document.errors.length > 0) throw document.errors[0];
  return plain(document.contents, document);
}

function plain(node, document) {
  if (isAlias(node)) return plain(node.resolve(document), document);
  let value = null;
  if (isMap(node)) value = Object.fromEntries(node.items.map(({ key, value: item }) => [String(plain(key, document)), plain(item, document)]));
  else if (isSeq(node)) value = node.items.map((item) => plain(item, document));
  else if (isScalar(node)) ({ value } = node);
  const tag = node?.tag?.startsWith('!') ? node.tag.slice(1) : undefined;
  if (tag === undefined) return value;
  if (tag === 'Ref' || tag === 'Condition') return { [tag]: value };
  if (tag === 'GetAtt') return { 'Fn::GetAtt': [value.slice(0, value.indexOf('.')), value.slice(value.indexOf('.') + 1)] };
  return { [`Fn::${tag}`]: value };
}

function ofBucket(name, attribute, region) {
  const domain = `${name}.s3.${region}.amazonaws.com`;
  return { '': name, Arn: `arn:aws:s3:::${name}`, RegionalDomainName: domain, DomainName: `${name}.s3.amazonaws.com` }[attribute];
}

const NOTHING = Symbol('AWS::NoValue');

/**
 * What a stack with these parameters consists of. What only AWS knows is `<Resource>` or `<Resource.Attribute>`.
 * @param {Template} template
 * @param {Record<string, string>} [given]  parameters
 * @param {{region?: string, account?: string, stack?: string, physical?: Record<string, string>}} [place]  `physical`: names of buckets, by resource
 * @returns {{resources: Record<string, {Type: string, Properties: any, DeletionPolicy?: string}>, outputs: Record<string, string>, broken: string[], conditions: Record<string, boolean>}}
 *   `broken`: rules that the parameters break
 */
export function resolveTemplate(template, given = {}, { region = 'us-east-1', account = '123456789012', stack = 'deckle', physical = {} } = {}) {
  const parameters = Object.fromEntries(Object.entries(template.Parameters ?? {}).map(([name, { Default }]) => [name, String(given[name] ?? Default ?? '')]));
  const pseudo = {
    'AWS::Region': region, 'AWS::AccountId': account, 'AWS::StackName': stack, 'AWS::Partition': 'aws', 'AWS::URLSuffix': 'amazonaws.com', 'AWS::NoValue': NOTHING,
  };
  const conditions = {};
  const isTrue = (name) => {
    if (!(name in template.Conditions)) throw new Error(`there is no condition ${name}`);
    conditions[name] ??= truth(template.Conditions[name]);
    return conditions[name];
  };
  const known = (name) => {
    if (name in pseudo) return pseudo[name];
    if (name in parameters) return parameters[name];
    const [resource] = name.split('.');
    if (!template.Resources[resource]) throw new Error(`there is no ${name}`);
    if (template.Resources[resource].Condition && !isTrue(template.Resources[resource].Condition)) throw new Error(`${resource} is not made here`);
    if (physical[resource]) return ofBucket(physical[resource], name.slice(resource.length + 1), region);
    return `<${name}>`;
  };
  const truth = (test) => {
    const [[name, value]] = Object.entries(test);
    switch (name) {
      case 'Condition': return isTrue(value);
      case 'Fn::Equals': return resolve(value[0]) === resolve(value[1]);
      case 'Fn::Not': return !truth(value[0]);
      case 'Fn::And': return value.every(truth);
      case 'Fn::Or': return value.some(truth);
      default: throw new Error(`${name} is no condition`);
    }
  };
  const substituted = (value) => {
    const [text, variables = {}] = Array.isArray(value) ? value : [value];
    return text.replace(/\$\{([^!}][^}]*)\}/g, (_, name) => (name in variables ? resolve(variables[name]) : known(name)));
  };
  const functions = {
    Ref: known,
    'Fn::GetAtt': (value) => known(Array.isArray(value) ? value.join('.') : value),
    'Fn::Sub': substituted,
    'Fn::If': ([condition, yes, no]) => resolve(isTrue(condition) ? yes : no),
    'Fn::Join': ([between, list]) => resolve(list).join(between),
    'Fn::Split': ([at, text]) => resolve(text).split(at),
    // the domain of a URL that only AWS knows
    'Fn::Select': ([index, list]) => resolve(list)[Number(index)] ?? `<${index} of ${JSON.stringify(list)}>`,
    'Fn::FindInMap': ([map, first, second]) => template.Mappings[map][resolve(first)][resolve(second)],
  };
  const resolve = (value) => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== NOTHING);
    const entries = Object.entries(value);
    if (entries.length === 1 && functions[entries[0][0]]) return functions[entries[0][0]](entries[0][1]);
    return Object.fromEntries(entries.map(([name, item]) => [name, resolve(item)]).filter(([, item]) => item !== NOTHING));
  };
  const isMade = ({ Condition }) => Condition === undefined || isTrue(Condition);
  const made = Object.entries(template.Resources).filter(([, resource]) => isMade(resource));
  const broken = Object.entries(template.Rules ?? {})
    .filter(([, { RuleCondition, Assertions }]) => (!RuleCondition || truth(RuleCondition)) && !Assertions.every(({ Assert }) => truth(Assert)))
    .map(([name]) => name);
  const resources = Object.fromEntries(made.map(([id, { Type, Properties = {}, DeletionPolicy }]) => [id, { Type, Properties: resolve(Properties), DeletionPolicy }]));
  const outputs = Object.entries(template.Outputs ?? {}).filter(([, output]) => isMade(output)).map(([name, { Value }]) => [name, resolve(Value)]);
  for (const name of Object.keys(template.Conditions ?? {})) isTrue(name);
  return { resources, outputs: Object.fromEntries(outputs), broken, conditions };
}
