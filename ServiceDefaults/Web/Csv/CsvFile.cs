using System.Globalization;
using System.Reflection;
using System.Text.Json;
using CsvHelper;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Platform.ServiceDefaults.Web.Csv;

/// <summary>
/// A list as a spreadsheet file: RFC 4180, UTF-8 with the byte order mark that Excel needs, one camelCase column for each property,
/// decimal points, instants in UTC. It is streamed, so it may have any length.
/// </summary>
/// <remarks>Every field is quoted, and text cannot become a formula: see <see cref="SpreadsheetText"/>.</remarks>
/// <param name="name">File name with its extension.</param>
public sealed class CsvFile<TRow>(string name, IAsyncEnumerable<TRow> rows) : IResult, IEndpointMetadataProvider
{
    private static readonly CsvWriterOptions Options = new() { Quoting = CsvQuoting.Always, WriteByteOrderMark = true };

    private static readonly PropertyInfo[] Columns = typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = $"{CsvHeader.ContentType}; charset=utf-8";
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = name }.ToString();

        await using var csv = CsvWriter.Create(response.Body, Options, leaveOpen: true);
        foreach (var column in Columns)
        {
            csv.WriteField(NameOf(column));
        }

        await csv.EndRecordAsync(ct);
        await foreach (var row in rows.WithCancellation(ct))
        {
            foreach (var column in Columns)
            {
                csv.WriteField(TextOf(column.GetValue(row)));
            }

            await csv.EndRecordAsync(ct);
        }
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), [CsvHeader.ContentType]));
        builder.Metadata.Add(new CsvHeader(string.Join(',', Columns.Select(column => $"\"{NameOf(column)}\"")) + "\r\n"));
    }

    private static string NameOf(PropertyInfo column) => JsonNamingPolicy.CamelCase.ConvertName(column.Name);

    private static string? TextOf(object? value) => value switch
    {
        string text => SpreadsheetText.Guard(text),
        DateTimeOffset at => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Enum named => JsonNamingPolicy.CamelCase.ConvertName(named.ToString()),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString(),
    };
}

/// <summary>The first line of an endpoint's file, for its documentation.</summary>
internal sealed record CsvHeader(string Line)
{
    public const string ContentType = "text/csv";
}
