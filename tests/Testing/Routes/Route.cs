using System.Text.RegularExpressions;
using Platform.ServiceDefaults.Web;

namespace Platform.Testing.Routes;

/// <summary>A route of a service as data, with all that the route tests need to call it correctly and incorrectly.</summary>
/// <param name="Pattern">As it is mapped: <c>/api/users/{id}/block</c>.</param>
/// <param name="Role">The lowest role that may call it; null for an anonymous route.</param>
/// <param name="Call">Prepares a different successful call each time, by a caller with the lowest role.</param>
public sealed partial record Route<TApp>(string Method, string Pattern, Role? Role, Func<TApp, Task<Call>> Call)
{
    public bool TakesBody { get; init; }

    /// <summary>Why this POST takes no <c>Idempotency-Key</c>; null for one that does.</summary>
    public string? WithoutKey { get; init; }

    /// <summary>Whether it is only for registered people, so that other staff and admins are refused.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>Code of the 503 that it answers while the event about a new person has not arrived.</summary>
    public string? PendingCode { get; init; }

    /// <summary>Calls that fail only because their object belongs to someone else; one for each role with its own objects.</summary>
    public IReadOnlyList<Func<TApp, Task<Call>>> OwnedByAnother { get; init; } = [];

    public bool TakesKey => Method == HttpMethods.Post && WithoutKey is null;

    public bool HasId => Pattern.Contains('{');

    /// <summary>Routes under <c>/internal</c> are for services. They are not documented or reachable through the gateway.</summary>
    public bool IsPublic => Pattern.StartsWith("/api/", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Pattern}";

    /// <param name="id">Already encoded.</param>
    internal string Address(string id)
    {
        var (ids, used) = (id.Split('/'), 0);
        return Parameter().Replace(Pattern, _ => ids[Math.Min(used++, ids.Length - 1)]);
    }

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();
}

/// <summary>A call of a route.</summary>
/// <param name="Id">Value of the pattern's parameter; values of several are separated by slashes.</param>
/// <param name="Body">Sent as JSON.</param>
public sealed record Call(HttpClient Caller, object? Id = null, object? Body = null)
{
    /// <summary>Already encoded, without the question mark; for a route that does not answer without one.</summary>
    public string? Query { get; init; }

    /// <summary>A credential other than a token.</summary>
    public (string Name, string Value)? Header { get; init; }
}

/// <summary>The list of a service's routes.</summary>
public interface IRoutes<TApp>
{
    static abstract IReadOnlyList<Route<TApp>> Routes { get; }
}
