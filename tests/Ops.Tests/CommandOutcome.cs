using System.Text.Json;

namespace Platform.Ops.Tests;

/// <summary>How the command ended and what it printed, each stream by itself.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output, which must be one JSON document and nothing else.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>What the document says of a service.</summary>
    public JsonElement Of(string service) =>
        Json.GetProperty("services").EnumerateArray().Single(entry => entry.GetProperty("service").GetString() == service);

    public string OutcomeOf(string service) => Of(service).GetProperty("outcome").GetString()!;

    public override string ToString() => $"{ExitCode}\n{Output}\n{Errors}";
}
