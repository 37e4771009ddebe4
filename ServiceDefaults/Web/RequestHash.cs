using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Json;

namespace Platform.ServiceDefaults.Web;

/// <summary>Hashes a request's content, to tell a retry from a different request with the same <c>Idempotency-Key</c>.</summary>
/// <remarks>Field order does not matter, and 1, 1.0 and 10e-1 are the same: some clients write the same request differently each time.</remarks>
public static class RequestHash
{
    public static byte[] Of<T>(T request, JsonSerializerOptions? options = null)
    {
        var content = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(content))
        {
            Write(writer, JsonSerializer.SerializeToElement(request, options));
        }

        return SHA256.HashData(content.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in value.EnumerateObject().OrderBy(field => field.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(field.Name);
                    Write(writer, field.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value.GetRawText()), skipInputValidation: true);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <returns>The digits without leading and trailing zeros, and a power of ten. No number is rounded.</returns>
    private static string Number(string text)
    {
        var sign = text.StartsWith('-') ? "-" : "";
        var end = text.IndexOfAny(['e', 'E']);
        var mantissa = text[sign.Length..(end < 0 ? text.Length : end)];
        var power = end < 0 ? BigInteger.Zero : BigInteger.Parse(text[(end + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (mantissa.IndexOf('.', StringComparison.Ordinal) is >= 0 and var point)
        {
            power -= mantissa.Length - point - 1;
            mantissa = mantissa.Remove(point, 1);
        }

        var digits = mantissa.Trim('0');
        power += mantissa.Length - mantissa.TrimEnd('0').Length;
        return digits.Length == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{sign}{digits}e{power}");
    }
}
