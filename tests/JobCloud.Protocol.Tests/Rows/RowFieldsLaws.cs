using FsCheck.Xunit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Feed;
using JobCloud.Protocol.Queries;
using JobCloud.Protocol.Rows;
using JobCloud.Protocol.Text;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Rows;

[Properties(
    Arbitrary = [typeof(Generators), typeof(JobGenerators), typeof(QueryGenerators)],
    MaxTest = 200
)]
public sealed class RowFieldsLaws
{
    private const long Now = Generators.Now;

    /// <summary>Fields of the message that identify a row's jobs and their statuses.</summary>
    private static readonly string[] OfEveryRow = ["first", "last", "counts", "status"];

    public static TheoryData<string> StoredFields =>
        [
            .. JobRow
                .Descriptor.Fields.InDeclarationOrder()
                .Select(known => known.Name)
                .Except(OfEveryRow),
        ];

    [Fact]
    public void Fields_columns_and_positions_are_unique()
    {
        AreUnique(RowFields.All.Select(field => field.Name));
        AreUnique(RowFields.Columns.Select(column => column.Name));
        AreUnique(RowFields.All.Select(field => field.Screen?.Place).Where(place => place >= 0));
        static void AreUnique<T>(IEnumerable<T> all) => Assert.Equal(all.Distinct(), all);
    }

    [Theory]
    [MemberData(nameof(StoredFields))]
    public void A_field_of_the_message_is_stored_in_columns(string name)
    {
        var row = new JobRow();
        var field = JobRow.Descriptor.FindFieldByName(name);
        field.Accessor.SetValue(
            row,
            field.FieldType switch
            {
                FieldType.String => "a",
                FieldType.Message => new Reason
                {
                    Code = ReasonCode.Exit,
                    Number = 3,
                    Text = "a",
                },
                FieldType.Int64 => 3L,
                _ => 3,
            }
        );
        var stored = Copied(row, RowFields.Columns);
        Assert.Equal(row, stored);
        Assert.NotEqual(new JobRow(), stored);
    }

    [Property]
    public void Copying_all_columns_copies_the_row(JobRow row) =>
        Assert.Equal(row, Copied(row, RowFields.Columns));

    [Property]
    public void A_row_round_trips_through_its_message(JobRow row)
    {
        var read = JobRow.Parser.ParseFrom(row.ToByteArray());
        Assert.All(RowFields.Columns, column => Assert.True(column.IsSame(row, read)));
    }

    [Property]
    public void A_progress_and_the_previous_row_give_the_row(JobRow row)
    {
        var progress = RowProgress.Of(row);
        foreach (var column in RowFields.Columns)
            Assert.True(column.IsSame(progress, column.IsConstant ? new JobRow() : row));
        RowProgress.Complete(progress, row);
        Assert.Equal(row, progress);
    }

    [Property]
    public void Rows_have_the_same_constants_if_their_constant_columns_are_equal(
        JobRow row,
        JobRow other
    )
    {
        (other.First, other.Last) = (row.First, row.Last);
        Assert.Equal(
            RowFields.Columns.Where(c => c.IsConstant).All(c => c.IsSame(row, other)),
            RowProgress.HasSameConstants(row, other)
        );
    }

    [Property]
    public void The_row_of_a_job_has_the_data_of_the_job(JobDetail job)
    {
        var row = RowBuilder.Job(job);
        Assert.Equal((job.Jid, job.Jid), (row.First, row.Last));
        Assert.Equal(job.Deleted ? 0 : 1, RowField.Statuses.Count(row, job.Status));
        Assert.Equal((job.Command, job.Node), (row.Command, row.Node));
        Assert.Equal((job.Spec.Label, job.Spec.Cores), (row.Label, row.Cores));
        Assert.Equal((job.Created, job.Finished), (row.Created, row.Finished));
    }

    [Property]
    public void The_row_of_a_submission_does_not_depend_on_the_order_of_slices(JobRow[] slices)
    {
        foreach (var slice in slices)
        foreach (var column in RowFields.Columns.Where(column => column.Fold == Fold.Shared))
            column.Copy(slices[0], slice);
        Assert.Equal(
            RowBuilder.Submission(1, 2, slices),
            RowBuilder.Submission(1, 2, slices.AsEnumerable().Reverse())
        );
    }

    /// <summary>A query of each field for the row's value finds the row, after a round
    /// trip.</summary>
    [Property]
    public void A_row_is_found_by_the_value_of_any_field(JobRow row)
    {
        foreach (var field in RowFields.All)
        {
            if (Written(field, row) is not var (sign, value))
                continue;
            var condition = new QueryNode.Comparison(new(field.Name), sign, [new(value)]);
            var query = new Query(condition, [new(new(field.Name), true)], null);
            var read = QueryBinder.Read(QueryPrinter.Print(query), "");
            Assert.Empty(read.Errors);
            Assert.Equal(field, Assert.Single(read.Value.Sort).Field);
            Assert.True(QueryEvaluator.Matches(read.Value, row, Now), QueryPrinter.Print(query));
        }
    }

    private static (QueryOperator, string)? Written(RowField field, JobRow row) =>
        field switch
        {
            // The requester is another user.
            RowField.Text text when text.Get(row) is var value && value != "me" => (
                QueryOperator.Equal,
                value
            ),
            RowField.Number number => (QueryOperator.Equal, $"{number.Get(row).Low}"),
            RowField.Statuses when RowField.Statuses.First(row) is > 0 and var status => (
                QueryOperator.Equal,
                StatusNames.Of(status)
            ),
            RowField.Instant instant when instant.Get(row) is > 0 and var at => (
                QueryOperator.LessOrEqual,
                Instants.Print(at, TimeSpan.Zero)
            ),
            RowField.Duration duration when duration.Get(row, Now) is { } length => (
                QueryOperator.GreaterOrEqual,
                Durations.Print(TimeSpan.FromMilliseconds(length / 1_000))
            ),
            _ => null,
        };

    private static JobRow Copied(JobRow row, IEnumerable<RowColumn> columns)
    {
        var copy = new JobRow
        {
            First = row.First,
            Last = row.Last,
            Counts = { row.Counts },
            Status = row.Status,
        };
        foreach (var column in columns)
            column.Copy(row, copy);
        return copy;
    }
}
