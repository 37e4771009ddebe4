using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Web.Telemetry;

/// <summary>Removes personal data and secrets from addresses in spans: Telegram ids, bot tokens, query values and client addresses.</summary>
internal sealed partial class RedactAddresses : BaseProcessor<Activity>
{
    private static readonly string[] PersonalTags =
    [
        "url.query", "client.address", "client.port", "network.peer.address", "network.peer.port", "user_agent.original",
        "http.target", "http.url", "http.client_ip",
    ];

    public override void OnEnd(Activity data)
    {
        foreach (var tag in PersonalTags)
        {
            if (data.GetTagItem(tag) is not null)
            {
                data.SetTag(tag, null);
            }
        }

        if (data.GetTagItem("url.path") is string path)
        {
            data.SetTag("url.path", RedactPath(path));
        }

        if (data.GetTagItem("url.full") is string full)
        {
            var address = Uri.TryCreate(full, UriKind.Absolute, out var absolute) ? absolute : null;
            data.SetTag("url.full", address is null ? "*" : address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
                + RedactPath(address.AbsolutePath));
            // By convention the name is only the method, which says little in a list of traces.
            if (address is not null && data.Kind is ActivityKind.Client && data.GetTagItem("http.request.method") is string method
                && data.DisplayName == method)
            {
                data.DisplayName = $"{method} {RedactPath(address.AbsolutePath)}";
            }
        }
    }

    /// <summary>Keeps only segments that are plain words: <c>/users/77</c> becomes <c>/users/*</c>.</summary>
    private static string RedactPath(string path) =>
        string.Join('/', path.Split('/').Select(segment => segment.Length == 0 || PlainWord().IsMatch(segment) ? segment : "*"));

    [GeneratedRegex("^[A-Za-z_-]{1,32}$")]
    private static partial Regex PlainWord();
}
