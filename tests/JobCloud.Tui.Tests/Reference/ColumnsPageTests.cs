using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Testing;

namespace JobCloud.Tui.Tests.Reference;

/// <summary>The reference pages of lists are the catalogue of columns and the language of
/// queries.</summary>
public sealed class ColumnsPageTests
{
    private const string Start = """
        # List columns

        Generated from the catalogue of list columns. `jobcloud ls --columns` shows them, `--sort`
        sorts by them, and [queries](queries.md) compare them.


        """;

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_columns_is_their_catalogue()
    {
        var table = MarkdownTable.Of(
            ["column", "meaning", "in queries", "in the full-screen UI"],
            RowFields.All.Select(field =>
                new[]
                {
                    $"`{field.Name}`",
                    field.Help,
                    $"`{QueryOperators.Format(field)}`",
                    field.Screen?.Title ?? "",
                }
            )
        );

        GeneratedPage.Holds("docs/reference/columns.md", Start + table);
    }

    [Fact, Trait("Category", "Reference")]
    public void The_page_of_the_query_language_is_its_help() =>
        GeneratedPage.Holds("docs/reference/queries.md", QueryReference.Text);
}
