using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Platform.Database.Tests;

internal sealed class GoodsDb(DbContextOptions<GoodsDb> options) : ServiceDb(options, ShopDatabase.Service);

[DbContext(typeof(GoodsDb))]
[Migration("20260101000000_CreateGoods")]
internal sealed class CreateGoods : SqlMigration
{
    protected override string UpSql =>
        "create table goods (id bigint primary key, amount int not null default 0); insert into goods select generate_series(1, 100);";

    protected override string DownSql => "drop table goods";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Derived("goods", "the way up fills it")];

    protected override string VerifySql => "select count(*) = 100 from goods;";
}

[DbContext(typeof(GoodsDb))]
[Migration("20260102000000_AddPrice")]
internal sealed class AddPrice : SqlMigration
{
    protected override string UpSql => "alter table goods add price bigint";

    protected override string DownSql => "alter table goods drop price";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Derived("goods", "price", "the next migration fills it")];

    protected override string VerifySql => "select exists (select from pg_attribute where attrelid = 'goods'::regclass and attname = 'price')";
}

[DbContext(typeof(GoodsDb))]
[Migration("20260103000000_FillPrice")]
internal sealed class FillPrice : BackfillMigration
{
    protected override Backfill Backfill { get; } = new(
        "price", "goods", "id", "update goods set price = coalesce(price, 0) + id * 10 where id > $1 and id <= $2")
    {
        BatchSize = 10,
    };

    protected override string UndoSql => "update goods set price = null";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Derived("goods", "price", "it is computed")];

    protected override string VerifySql => "select bool_and(price = id * 10) from goods";
}

[DbContext(typeof(GoodsDb))]
[Migration("20260104000000_IndexPrice")]
internal sealed class IndexPrice : ConcurrentIndexMigration
{
    protected override IReadOnlyList<ConcurrentIndex> Indexes { get; } = [new("ix_goods_price", "on goods (price)", Unique: true),
        new("ix_goods_amount", "on goods (amount)")];
}

/// <summary>The verification of its second migration fails.</summary>
internal sealed class DoubtfulDb(DbContextOptions<DoubtfulDb> options) : ServiceDb(options, ShopDatabase.Service);

[DbContext(typeof(DoubtfulDb))]
[Migration("20260101000000_CreateShelves")]
internal sealed class CreateShelves : SqlMigration
{
    protected override string UpSql => "create table shelves (id bigint primary key)";

    protected override string DownSql => "drop table shelves";

    protected override string VerifySql => "select true";
}

[DbContext(typeof(DoubtfulDb))]
[Migration("20260102000000_FillShelves")]
internal sealed class FillShelves : SqlMigration
{
    protected override string UpSql => "insert into shelves values (1); create table boxes (id bigint)";

    protected override string DownSql => "drop table boxes";

    protected override string VerifySql => "select count(*) = 2 from shelves";
}

/// <summary>One change of an existing table.</summary>
internal sealed class AddPriceDb(DbContextOptions<AddPriceDb> options) : ServiceDb(options, ShopDatabase.Service);

[DbContext(typeof(AddPriceDb))]
[Migration("20260101000000_AddPriceToGoods")]
internal sealed class AddPriceToGoods : SqlMigration
{
    protected override string UpSql => "alter table goods add price bigint";

    protected override string DownSql => "alter table goods drop price";

    protected override string VerifySql => "select true";
}

/// <summary>Its last migration creates a type that a function may have in its signature.</summary>
internal sealed class PaintsDb(DbContextOptions<PaintsDb> options) : ServiceDb(options, ShopDatabase.Service);

[DbContext(typeof(PaintsDb))]
[Migration("20260101000000_CreatePaints")]
internal sealed class CreatePaints : SqlMigration
{
    protected override string UpSql => "create table paints (id bigint primary key)";

    protected override string DownSql => "drop table paints";

    protected override string VerifySql => "select true";
}

[DbContext(typeof(PaintsDb))]
[Migration("20260102000000_CreateColours")]
internal sealed class CreateColours : SqlMigration
{
    protected override string UpSql => "create type colour as enum ('red')";

    protected override string DownSql => "drop type colour";

    protected override string VerifySql => "select true";
}

/// <summary>Its migration calls <c>die()</c>, which tests define to kill the session.</summary>
internal sealed class KilledDb(DbContextOptions<KilledDb> options) : ServiceDb(options, ShopDatabase.Service);

[DbContext(typeof(KilledDb))]
[Migration("20260101000000_CreateParts")]
internal sealed class CreateParts : SqlMigration
{
    protected override string UpSql => "create table parts (id bigint); select die(); alter table goods add part_id bigint";

    protected override string DownSql => "alter table goods drop part_id; drop table parts";

    protected override string VerifySql => "select true";
}

/// <summary>Entries are facts, drafts are not, and the last column is not declared as either.</summary>
internal sealed class BooksDb(DbContextOptions<BooksDb> options) : ServiceDb(options, ShopDatabase.Service);

[DbContext(typeof(BooksDb))]
[Migration("20260101000000_CreateEntries")]
internal sealed class CreateEntries : SqlMigration
{
    protected override string UpSql => "create table entries (id bigint primary key); create table drafts (id bigint primary key)";

    protected override string DownSql => "drop table drafts, entries";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("entries"), Dropped.Derived("drafts", "they are not entered by people")];

    protected override string VerifySql => "select true";
}

[DbContext(typeof(BooksDb))]
[Migration("20260102000000_AddRefunded")]
internal sealed class AddRefunded : SqlMigration
{
    protected override string UpSql => "alter table entries add column refunded int not null default 0";

    protected override string DownSql => "alter table entries drop column refunded";

    protected override IReadOnlyList<Dropped> Drops => [Dropped.Fact("entries", "refunded", where: "refunded <> 0")];

    protected override string VerifySql => "select true";
}

[DbContext(typeof(BooksDb))]
[Migration("20260103000000_AddNote")]
internal sealed class AddNote : SqlMigration
{
    protected override string UpSql => "alter table entries add column note text";

    protected override string DownSql => "alter table entries drop column note";

    protected override string VerifySql => "select true";
}
