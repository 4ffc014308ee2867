using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using JobCloud.Protocol.PublicJson;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.PublicJson;

/// <summary>The form of the public JSON. <c>JOBCLOUD_WRITE_REFERENCE=1</c> writes the schema and
/// the examples.</summary>
public sealed class PublicJsonTests
{
    private static readonly string SchemaFile = Path.Combine(
        SourceTree.Root,
        "src/Protocol/PublicJson/schema.json"
    );

    private static readonly string ExamplesFile = Path.Combine(
        SourceTree.Root,
        "tests/JobCloud.Protocol.Tests/PublicJson/examples.txt"
    );

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions ByReflection = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = VisibleJsonEncoder.Instance,
    };

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, PublicDocuments.All.Count)];

    [Fact]
    [Trait("Category", "Reference")]
    public void The_schema_is_derived_from_the_records_and_the_catalogues() =>
        Assert.Equal(
            File.ReadAllText(
                Written(SchemaFile, SchemaWriter.Write().ToJsonString(Indented) + "\n")
            ),
            SchemaWriter.Write().ToJsonString(Indented) + "\n"
        );

    [Fact]
    [Trait("Category", "Reference")]
    public void Each_document_keeps_its_form()
    {
        var text = new StringBuilder();
        foreach (var (definition, json) in PublicDocuments.All)
            text.Append($"{definition} {json()}\n");
        Assert.Equal(File.ReadAllText(Written(ExamplesFile, text.ToString())), text.ToString());
    }

    [Fact]
    public void Each_document_has_an_example() =>
        Assert.Empty(
            SchemaWriter
                .Documents.Select(type => type.Name)
                .Except(PublicDocuments.All.Select(one => one.Definition))
        );

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_valid_visible_and_exact(int index)
    {
        var (definition, json) = PublicDocuments.All[index];
        var text = json();
        Assert.Null(new SchemaCheck(SchemaWriter.Write()).Error(JsonNode.Parse(text), definition));
        Assert.True(VisibleText.IsVisible(text));
        Assert.DoesNotContain("NaN", text);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_document_that_is_read_and_written_again_is_the_same(int index)
    {
        var (definition, json) = PublicDocuments.All[index];
        var type = SchemaWriter.Documents.FirstOrDefault(one => one.Name == definition);
        // Documents within a document have no version, and no program reads rows.
        if (type is null || ContainsDocuments(type))
            return;
        var read = (PublicDocument)JsonSerializer.Deserialize(json(), type, ByReflection)!;
        if (!json().Contains("\"version\""))
            read = read with { Version = null };
        Assert.Equal(json(), Encoding.UTF8.GetString(DocumentWriter.Line(read)).TrimEnd('\n'));
    }

    private static bool ContainsDocuments(Type document) =>
        document == typeof(ListDocument)
        || SchemaWriter
            .PropertiesOf(document)
            .SelectMany(property => property.PropertyType.GetGenericArguments())
            .Any(type => type.IsSubclassOf(typeof(PublicDocument)));

    [Fact]
    public void A_schema_finds_what_is_wrong()
    {
        var check = new SchemaCheck(SchemaWriter.Write());
        foreach (
            var (definition, json) in new[]
            {
                ("StatusDocument", """{"version":1}"""),
                ("StatusDocument", """{"version":2,"jobs":[]}"""),
                ("StatusDocument", """{"jobs":[{"jid":1,"status":"199 done, 1 error"}]}"""),
                ("StatusDocument", """{"jobs":[{"jid":"1","status":"done"}]}"""),
                ("StatusDocument", """{"jobs":[{"jid":1,"status":"done","x":1}]}"""),
                ("InfoDocument", """{"1":{"status":"done"}}"""),
                ("InfoDocument", """{"version":1,"1":{"created":"2026-11-29"}}"""),
                ("InfoDocument", """{"version":1,"1":{"memory":{"usage":"1M"}}}"""),
            }
        )
            Assert.NotNull(check.Error(JsonNode.Parse(json), definition));
    }

    [Theory]
    [InlineData("processing", 1, 1, 1, 1, 1, 1, 1)]
    [InlineData("queued", 1, 1, 0, 1, 1, 1, 1)]
    [InlineData("waiting", 1, 0, 0, 1, 1, 1, 1)]
    [InlineData("error", 0, 0, 0, 1, 1, 1, 1)]
    [InlineData("killed", 0, 0, 0, 1, 0, 1, 1)]
    [InlineData("stalled", 0, 0, 0, 1, 0, 0, 1)]
    [InlineData("done", 0, 0, 0, 1, 0, 0, 0)]
    [InlineData(null, 0, 0, 0, 0, 0, 0, 0)]
    public void The_status_of_a_map_is_one_word(string? word, params int[] counts) =>
        Assert.Equal(word, StatusCounts.Summary([0, .. counts.Select(count => (long)count)]));

    [Fact]
    public void A_row_has_every_field_of_the_catalogue()
    {
        var json = PublicDocuments.All.First(one => one.Definition == "ListDocument").Json();
        var row = JsonNode.Parse(json)!["jobs"]![0]!.AsObject();
        Assert.Equal(["first", "last", "counts", .. RowFields.Names], row.Select(one => one.Key));
    }

    /// <summary>The file, with the text if it is to be written.</summary>
    private static string Written(string file, string text)
    {
        if (Environment.GetEnvironmentVariable("JOBCLOUD_WRITE_REFERENCE") is not null)
            File.WriteAllText(file, text);
        return file;
    }
}
