using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;

namespace Platform.Billing.Credits;

/// <summary>Metadata of a transaction must be a JSON object of at most 8 KiB that PostgreSQL can store.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class TransactionMetadataAttribute() : ValidationAttribute(
    "It must be an object of at most 8192 bytes, without the character U+0000 and without numbers above 1e30 or closer to 0 than 1e-30.")
{
    private const int MaxBytes = 8192;

    public override bool IsValid(object? value) =>
        value is not JsonElement metadata
        || (metadata.ValueKind is JsonValueKind.Object && Encoding.UTF8.GetByteCount(metadata.GetRawText()) <= MaxBytes && IsStorable(metadata));

    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(field => IsText(() => field.Name) && IsStorable(field.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.String => IsText(() => value.GetString()),
        JsonValueKind.Number => IsNumber(value),
        _ => true,
    };

    private static bool IsText(Func<string?> read)
    {
        try
        {
            return read() is { } text && !text.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate, which neither .NET nor PostgreSQL accepts.
            return false;
        }
    }

    // PostgreSQL writes numbers out: 1e-16000 would become 16 000 digits, and 1e200000 is an error.
    private static bool IsNumber(JsonElement number) =>
        number.GetRawText().AsSpan().IndexOfAny('e', 'E') < 0 || (number.TryGetDouble(out var value) && Math.Abs(value) is >= 1e-30 and <= 1e30);
}

internal static class TransactionMetadata
{
    /// <returns>The sum of <c>tokens.input</c> and <c>tokens.output</c>; null if either is missing.</returns>
    public static long? Tokens(JsonElement? metadata) =>
        metadata is { } found && found.TryGetProperty("tokens", out var tokens) && tokens.ValueKind is JsonValueKind.Object
        && Count(tokens, "input") is { } input && Count(tokens, "output") is { } output
            ? input + output
            : null;

    private static long? Count(JsonElement tokens, string direction) =>
        tokens.TryGetProperty(direction, out var count) && count.ValueKind is JsonValueKind.Number && count.TryGetInt32(out var number) && number >= 0
            ? number
            : null;
}
