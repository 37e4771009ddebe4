using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Gateway.Docs;

/// <summary>Merges the services' OpenAPI documents into one.</summary>
/// <remarks>Components and operation ids of one name are shared when equal, and prefixed with the service's name when they differ.</remarks>
internal sealed class MergedOpenApi
{
    /// <summary>Shown first, because every other call needs a token.</summary>
    private const string FirstGroup = "Sign-in";

    /// <summary>Shown last: paths that only clients of the replaced systems should call.</summary>
    private const string LastGroup = "Paths of the replaced systems";

    private const string Introduction = """
        Every call of every service, at its gateway address.

        **To try calls here**
        1. Open *Sign-in* and run `POST /api/auth/login` with the administrator's login and password
           (`ADMIN_LOGIN` and `ADMIN_PASSWORD`; what `.env` does not set is in `.data/local.env`).
        2. Copy `accessToken` from the answer, press **Authorize** and paste it without `Bearer`.
           It is valid for ten minutes; `POST /api/auth/refresh` returns a new one.

        As a guest: `POST /api/auth/email` sends a code, and `POST /api/auth/email/confirm` exchanges it for a token.
        """;

    private readonly List<(string Service, JsonObject Document)> _documents = [];
    private readonly List<string> _unreachable = [];

    public void Add(string service, JsonObject document) => _documents.Add((service, document));

    /// <summary>Leaves the service out; the document's description says so.</summary>
    public void AddUnreachable(string service) => _unreachable.Add(service);

    /// <param name="aliases">Old paths, each with a method and the documented path that it is rewritten to.</param>
    public JsonObject Build(IEnumerable<(string Path, string Method, string Target)> aliases)
    {
        var paths = new JsonObject();
        var components = new JsonObject();
        var colliding = CollidingNames();
        foreach (var (service, document) in _documents)
        {
            AddComponents(service, document, colliding, components);
            AddPaths(service, document, colliding, paths);
        }

        foreach (var (path, method, target) in aliases)
        {
            AddAlias(paths, path, method, target);
        }

        var merged = new JsonObject
        {
            ["openapi"] = _documents.Select(d => d.Document["openapi"]?.GetValue<string>()).Max(StringComparer.Ordinal) ?? "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Platform",
                ["version"] = "v1",
                ["description"] = _unreachable.Count == 0
                    ? Introduction
                    : $"{Introduction}\n\nNot shown because unreachable: {string.Join(", ", _unreachable)}.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = Groups(paths),
            ["paths"] = paths,
            ["components"] = components,
        };
        var security = _documents.Select(d => d.Document["security"]).FirstOrDefault(s => s is not null);
        if (security is not null)
        {
            merged["security"] = security.DeepClone();
        }

        if (_unreachable.Count > 0)
        {
            merged["x-unreachable"] = new JsonArray([.. _unreachable.Select(service => JsonValue.Create(service))]);
        }

        return merged;
    }

    /// <summary>Names such as <c>schemas/Page</c> under which two services define different things.</summary>
    private HashSet<string> CollidingNames() =>
    [
        .. from named in _documents.SelectMany(d => Components(d.Document))
           group named.Value by named.Name into sameName
           where sameName.Any(other => !JsonNode.DeepEquals(other, sameName.First()))
           select sameName.Key,
    ];

    private static IEnumerable<(string Name, JsonNode? Value)> Components(JsonObject document) =>
        from kind in document["components"] as JsonObject ?? []
        from component in kind.Value as JsonObject ?? []
        select ($"{kind.Key}/{component.Key}", component.Value);

    private static void AddComponents(string service, JsonObject document, HashSet<string> colliding, JsonObject components)
    {
        foreach (var (name, value) in Components(document))
        {
            var (kind, key) = (name[..name.IndexOf('/', StringComparison.Ordinal)], name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            if (components[kind] is not JsonObject ofKind)
            {
                components[kind] = ofKind = [];
            }

            ofKind[colliding.Contains(name) ? Prefixed(service, key) : key] = WithRenamedReferences(service, value, colliding);
        }
    }

    private static void AddPaths(string service, JsonObject document, HashSet<string> colliding, JsonObject paths)
    {
        var taken = paths.SelectMany(path => OperationIds(path.Value)).ToHashSet();
        foreach (var (path, item) in document["paths"] as JsonObject ?? [])
        {
            // Internal paths cannot be called through the gateway.
            if (path.StartsWith("/internal", StringComparison.Ordinal) || path.StartsWith("/health", StringComparison.Ordinal) || item is null)
            {
                continue;
            }

            var copy = WithRenamedReferences(service, item, colliding)!.AsObject();
            foreach (var operation in copy.Select(method => method.Value).OfType<JsonObject>())
            {
                if (operation["operationId"]?.GetValue<string>() is { } id && taken.Contains(id))
                {
                    operation["operationId"] = Prefixed(service, id);
                }
            }

            if (paths[path] is JsonObject known)
            {
                foreach (var (method, operation) in copy.ToList())
                {
                    known.TryAdd(method, operation?.DeepClone());
                }
            }
            else
            {
                paths[path] = copy;
            }
        }
    }

    /// <summary>Tags in display order.</summary>
    private static JsonArray Groups(JsonObject paths) => new(
    [
        .. from path in paths
           from operation in path.Value as JsonObject ?? []
           from tag in (operation.Value as JsonObject)?["tags"] as JsonArray ?? []
           select tag!.GetValue<string>() into name
           group name by name into sameName
           orderby sameName.Key switch { FirstGroup => 0, LastGroup => 2, _ => 1 }
           select new JsonObject { ["name"] = sameName.Key },
    ]);

    private static void AddAlias(JsonObject paths, string path, string method, string target)
    {
        // Both paths may name their parameters differently, so only the shape is compared.
        var source = paths.FirstOrDefault(known => Shape(known.Key) == Shape(target));
        if (source.Value?[method] is not JsonObject operation || paths.ContainsKey(path))
        {
            return;
        }

        var alias = (JsonObject)operation.DeepClone();
        if (alias["operationId"]?.GetValue<string>() is { } id)
        {
            alias["operationId"] = $"{id}ByOldPath";
        }

        alias["tags"] = new JsonArray(JsonValue.Create(LastGroup));
        alias["deprecated"] = true;
        alias["summary"] = $"{alias["summary"]?.GetValue<string>()} (the same as {source.Key})".TrimStart();
        foreach (var (name, oldName) in Parameters(source.Key).Zip(Parameters(path)))
        {
            foreach (var parameter in alias["parameters"] as JsonArray ?? [])
            {
                if (parameter?["in"]?.GetValue<string>() == "path" && parameter["name"]?.GetValue<string>() == name)
                {
                    parameter["name"] = oldName;
                }
            }
        }

        paths[path] = new JsonObject { [method] = alias };
    }

    private static string Shape(string path) =>
        string.Join('/', path.TrimEnd('/').Split('/').Select(segment => segment.StartsWith('{') ? "{}" : segment));

    private static IEnumerable<string> Parameters(string path) =>
        path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}').Split(':')[0]);

    private static IEnumerable<string> OperationIds(JsonNode? path) =>
        (path as JsonObject ?? []).Select(method => (method.Value as JsonObject)?["operationId"]?.GetValue<string>()).OfType<string>();

    private static JsonNode? WithRenamedReferences(string service, JsonNode? node, HashSet<string> colliding)
    {
        const string Local = "#/components/";
        switch (node)
        {
            case JsonObject from:
                var to = new JsonObject();
                foreach (var (name, value) in from)
                {
                    var isRenamed = name == "$ref" && value?.GetValueKind() is JsonValueKind.String
                        && value.GetValue<string>() is { } reference && reference.StartsWith(Local, StringComparison.Ordinal)
                        && colliding.Contains(reference[Local.Length..]);
                    if (isRenamed)
                    {
                        var named = value!.GetValue<string>();
                        var slash = named.LastIndexOf('/');
                        to[name] = $"{named[..slash]}/{Prefixed(service, named[(slash + 1)..])}";
                    }
                    else
                    {
                        to[name] = WithRenamedReferences(service, value, colliding);
                    }
                }

                return to;
            case JsonArray from:
                return new JsonArray([.. from.Select(item => WithRenamedReferences(service, item, colliding))]);
            default:
                return node?.DeepClone();
        }
    }

    private static string Prefixed(string service, string name) => char.ToUpperInvariant(service[0]) + service[1..] + name;
}
