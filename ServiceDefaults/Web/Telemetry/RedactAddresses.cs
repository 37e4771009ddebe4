using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Web.Telemetry;

/// <summary>
/// Takes out of spans what addresses tell of people and secrets: a Telegram id in a path, a bot's token in the path of the
/// Bot API, query values, and where a caller calls from.
/// </summary>
internal sealed partial class RedactAddresses : BaseProcessor<Activity>
{
    private static readonly string[] TellOfPeople =
    [
        "url.query", "client.address", "client.port", "network.peer.address", "network.peer.port", "user_agent.original",
        "http.target", "http.url", "http.client_ip",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in TellOfPeople)
        {
            if (data.GetTagItem(tag) is not null)
            {
                data.SetTag(tag, null);
            }
        }

        if (data.GetTagItem("url.path") is string path)
        {
            data.SetTag("url.path", OfPath(path));
        }

        if (data.GetTagItem("url.full") is string full)
        {
            var address = Uri.TryCreate(full, UriKind.Absolute, out var absolute) ? absolute : null;
            data.SetTag("url.full", address is null ? "*" : address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped) + OfPath(address.AbsolutePath));
            // By convention a call has the name of its method alone, which in a list of traces says nothing.
            if (address is not null && data.Kind is ActivityKind.Client && data.GetTagItem("http.request.method") is string method && data.DisplayName == method)
            {
                data.DisplayName = $"{method} {OfPath(address.AbsolutePath)}";
            }
        }
    }

    /// <summary>Only segments that are plain words stay: <c>/users/77</c> is <c>/users/*</c>.</summary>
    private static string OfPath(string path) =>
        string.Join('/', path.Split('/').Select(segment => segment.Length == 0 || PlainWord().IsMatch(segment) ? segment : "*"));

    [GeneratedRegex("^[A-Za-z_-]{1,32}$")]
    private static partial Regex PlainWord();
}
