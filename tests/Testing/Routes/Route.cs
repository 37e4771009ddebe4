using Platform.ServiceDefaults.Web;

namespace Platform.Testing.Routes;

/// <summary>A route of a service as data: all that the tests of routes need to know to call it rightly and wrongly.</summary>
/// <param name="Pattern">As it is mapped: <c>/api/users/{id}/block</c>. There is one parameter at most.</param>
/// <param name="Role">The lowest that may call it; null when it is open to anybody.</param>
/// <param name="Call">Prepares a call that will succeed, by somebody of the lowest role; each time another one.</param>
public sealed record Route<TApp>(string Method, string Pattern, Role? Role, Func<TApp, Task<Call>> Call)
{
    public bool TakesBody { get; init; }

    /// <summary>Why it takes no <c>Idempotency-Key</c>, as every other POST does.</summary>
    public string? WithoutKey { get; init; }

    /// <summary>Whether it is for registered people alone, and staff and admins who are none are refused.</summary>
    public bool NeedsPerson { get; init; }

    /// <summary>Code of the 503 with which it asks to wait for the news of somebody of whom the service has not heard yet.</summary>
    public string? NotYet { get; init; }

    /// <summary>Calls that would succeed if what they are about did not belong to somebody else; one for each role that has its own.</summary>
    public IReadOnlyList<Func<TApp, Task<Call>>> OfSomebodyElse { get; init; } = [];

    public bool TakesKey => Method == HttpMethods.Post && WithoutKey is null;

    public bool HasId => Pattern.Contains('{');

    /// <summary>Routes under <c>/internal</c> are for services, past the gateway, and not in the documentation.</summary>
    public bool IsPublic => Pattern.StartsWith("/api/", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Pattern}";

    /// <param name="id">As it is written in an address.</param>
    internal string Address(string id) => HasId ? $"{Pattern[..Pattern.IndexOf('{')]}{id}{Pattern[(Pattern.IndexOf('}') + 1)..]}" : Pattern;
}

/// <summary>A call of a route.</summary>
/// <param name="Id">What stands for the parameter of the pattern.</param>
/// <param name="Body">Sent as JSON.</param>
public sealed record Call(HttpClient Caller, object? Id = null, object? Body = null)
{
    /// <summary>Another credential than a token.</summary>
    public (string Name, string Value)? Header { get; init; }
}

/// <summary>The list of a service's routes.</summary>
public interface IRoutes<TApp>
{
    static abstract IReadOnlyList<Route<TApp>> Routes { get; }
}
