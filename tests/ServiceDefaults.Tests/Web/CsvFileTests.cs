using System.Globalization;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts;
using Platform.ServiceDefaults.Web.Csv;

namespace Platform.ServiceDefaults.Tests.Web;

public sealed class CsvFileTests
{
    public sealed record Row(OrderId Id, string? Name, Money Amount, DateTimeOffset PlacedAt);

    private static readonly DateTimeOffset At = new(2026, 1, 15, 12, 30, 0, TimeSpan.FromHours(3));

    [Fact]
    public async Task A_file_has_the_mark_of_utf8_camel_case_names_numbers_with_a_point_and_instants_in_utc()
    {
        var (headers, body) = await Write([new Row(new OrderId(17), "Анна, \"Аня\"", new Money(-1250.50m), At), new Row(new OrderId(18), null, Money.Zero, At)]);

        body.Take(3).ShouldBe(new byte[] { 0xEF, 0xBB, 0xBF });
        System.Text.Encoding.UTF8.GetString(body.AsSpan(3)).ShouldBe(
            "id,name,amount,placedAt\r\n17,\"Анна, \"\"Аня\"\"\",-1250.50,2026-01-15T09:30:00Z\r\n18,,0.00,2026-01-15T09:30:00Z\r\n");
        headers.ContentType.ToString().ShouldBe("text/csv; charset=utf-8");
        headers.ContentDisposition.ToString().ShouldContain("attachment");
        headers.ContentDisposition.ToString().ShouldContain("orders.csv");
    }

    [Fact]
    public async Task A_list_without_rows_is_a_file_with_the_names_alone()
    {
        var (_, body) = await Write([]);

        System.Text.Encoding.UTF8.GetString(body.AsSpan(3)).ShouldBe("id,name,amount,placedAt\r\n");
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+7 999 123-45-67")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    public async Task What_a_spreadsheet_would_calculate_is_text(string typed) =>
        (await ReadBack(typed)).ShouldBe($"'{typed}");

    [Fact]
    public void Whatever_people_type_comes_back_as_they_typed_it() => Prop
        .ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), typed => ReadBack(typed.Get).GetAwaiter().GetResult() is var read && (read == typed.Get || read == $"'{typed.Get}"))
        .QuickCheckThrowOnFailure();

    private static async Task<string> ReadBack(string name)
    {
        var (_, body) = await Write([new Row(new OrderId(1), name, Money.Zero, At)]);
        using var csv = new CsvReader(new StreamReader(new MemoryStream(body)), CultureInfo.InvariantCulture);
        (await csv.ReadAsync()).ShouldBeTrue();
        csv.ReadHeader();
        (await csv.ReadAsync()).ShouldBeTrue();
        return csv.GetField("name")!;
    }

    private static async Task<(IHeaderDictionary Headers, byte[] Body)> Write(IReadOnlyList<Row> rows)
    {
        using var body = new MemoryStream();
        var http = new DefaultHttpContext { Response = { Body = body } };
        await new CsvFile<Row>("orders.csv", rows.ToAsyncEnumerable()).ExecuteAsync(http);
        return (http.Response.Headers, body.ToArray());
    }
}
