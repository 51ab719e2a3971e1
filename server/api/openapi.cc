// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The OpenAPI document, made of the table of routes: it lists what is served, and nothing else.
#include <map>
#include <sstream>

#include "server/api/handlers.h"
#include "server/api/routes.h"

namespace daypass::server {
namespace {

using wire::ArrayBuilder;
using wire::ObjectBuilder;

std::vector<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

ObjectBuilder Text() {
  ObjectBuilder schema;
  schema.String("type", "string");
  return schema;
}

ObjectBuilder Parameter(const std::string& name, const char* where, bool is_needed) {
  ObjectBuilder parameter;
  parameter.String("name", name).String("in", where).Bool("required", is_needed);
  parameter.Object("schema", Text());
  return parameter;
}

/// Each {name} of the pattern, and the route's query.
ArrayBuilder Parameters(const Route& route) {
  ArrayBuilder parameters;
  const std::string pattern = route.pattern;
  for (size_t at = 0; (at = pattern.find('{', at)) != std::string::npos; ++at) {
    const std::string name = pattern.substr(at + 1, pattern.find('}', at) - at - 1);
    parameters.Object(Parameter(name, "path", true));
  }
  for (const std::string& name : Words(route.query)) {
    parameters.Object(Parameter(name, "query", false));
  }
  return parameters;
}

ObjectBuilder Json(const ObjectBuilder& schema) {
  ObjectBuilder media, content;
  media.Object("schema", schema);
  content.Object("application/json", media);
  return content;
}

/// An object of these keys and no others.
ObjectBuilder Body(const Route& route) {
  ObjectBuilder properties, schema, body;
  std::vector<std::string> needed;
  for (std::string key : Words(route.keys)) {
    const bool may_miss = key.ends_with('?');
    if (may_miss) key.pop_back();
    if (!may_miss) needed.push_back(key);
    properties.Object(key.c_str(),
                      ObjectBuilder());  // of any type: docs/formats/http.md says which
  }
  schema.String("type", "object").Object("properties", properties).Strings("required", needed);
  schema.Bool("additionalProperties", false);
  body.Bool("required", !needed.empty()).Object("content", Json(schema));
  body.String("description", "at most " + std::to_string(route.max_body) + " bytes");
  return body;
}

ArrayBuilder Security(Who who) {
  ArrayBuilder security;
  if (who == Who::kAnyone) return security;
  ObjectBuilder scheme;
  scheme.Array(who == Who::kHost ? "host" : "person", ArrayBuilder());
  security.Object(scheme);
  return security;
}

ObjectBuilder Responses() {
  ObjectBuilder good, error, bad, responses;
  good.String("description", "done");
  error.String("$ref", "#/components/schemas/Error");
  bad.String("description", "not done").Object("content", Json(error));
  responses.Object("200", good).Object("default", bad);
  return responses;
}

ObjectBuilder Operation(const Route& route) {
  ObjectBuilder operation;
  operation.String("summary", route.about).Array("parameters", Parameters(route));
  if (route.max_body > 0) operation.Object("requestBody", Body(route));
  operation.Array("security", Security(route.who)).Object("responses", Responses());
  return operation;
}

ObjectBuilder Paths() {
  std::map<std::string, std::vector<const Route*>> by_path;
  for (const Route& route : Routes()) by_path[route.pattern].push_back(&route);
  ObjectBuilder paths;
  for (const auto& [path, routes] : by_path) {
    ObjectBuilder operations;
    for (const Route* route : routes) {
      operations.Object(route->method == std::string("GET") ? "get" : "post", Operation(*route));
    }
    paths.Object(path.c_str(), operations);
  }
  return paths;
}

ObjectBuilder Components() {
  ObjectBuilder properties, error, schemas, host, person, schemes, components;
  for (const char* key : {"error", "field", "message", "hint"}) properties.Object(key, Text());
  error.String("type", "object").Object("properties", properties);
  schemas.Object("Error", error);
  host.String("type", "mutualTLS");
  person.String("type", "http").String("scheme", "bearer");
  schemes.Object("host", host).Object("person", person);
  components.Object("schemas", schemas).Object("securitySchemes", schemes);
  return components;
}

}  // namespace

Answer GetOpenApi(Call&) {
  ObjectBuilder info, document;
  info.String("title", "Daypass").String("version", "1");
  document.String("openapi", "3.1.0").Object("info", info).Object("paths", Paths());
  document.Object("components", Components());
  return Reply(document);
}

}  // namespace daypass::server
