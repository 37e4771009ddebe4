using System.Text.Json;

namespace Platform.Ops.Tests;

/// <summary>A finished command: its exit code and both output streams.</summary>
internal sealed record CommandOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Standard output, which must be exactly one JSON document.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>The document's entry for a service.</summary>
    public JsonElement Of(string service) =>
        Json.GetProperty("services").EnumerateArray().Single(entry => entry.GetProperty("service").GetString() == service);

    public string OutcomeOf(string service) => Of(service).GetProperty("outcome").GetString()!;

    public override string ToString() => $"{ExitCode}\n{Output}\n{Errors}";
}
