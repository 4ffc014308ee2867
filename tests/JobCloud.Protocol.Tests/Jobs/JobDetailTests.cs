using Google.Protobuf;
using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;
using JobCloud.Protocol.Nodes;
using JobCloud.Protocol.Notation;
using JobCloud.Testing;

namespace JobCloud.Protocol.Tests.Jobs;

/// <summary>Tests the job details that users see.</summary>
public sealed class JobDetailTests
{
    [Fact]
    public void Only_the_job_of_a_map_names_its_map()
    {
        var story = new JobStory().Submit(3, map: true).Submit();
        var element = JobViews.Detail(story[2]);
        Assert.Equal((1L, 3L), (element.MapFirst, element.MapLast));
        var single = JobViews.Detail(story[4]);
        Assert.Equal((0L, 0L), (single.MapFirst, single.MapLast));
    }

    [Fact]
    public void The_command_of_an_element_has_the_values_of_that_element()
    {
        var segment = new Segment(1);
        segment.Apply(
            new JobEvent
            {
                Jid = 1_024,
                Count = 2,
                At = 1,
                Submitted = new Submitted
                {
                    Spec = new JobSpec
                    {
                        Command = "cp {f} {to}",
                        Data =
                        {
                            new Parameter { Name = "to", Value = "out" },
                        },
                    },
                    Columns =
                    {
                        new MapColumn
                        {
                            Name = "f",
                            List = new ValueList { Values = { "a", "b", "c" } },
                        },
                    },
                    SubmissionFirst = 1_000,
                    SubmissionLast = 1_025,
                    IsMap = true,
                },
            }
        );
        Assert.Equal("cp b out", JobViews.Detail(segment.Find(new Jid(1_025))!).Command);
    }

    [Fact]
    public void A_shell_job_shows_a_placeholder_as_its_command()
    {
        var story = new JobStory().Submit(with: spec => spec.ShellJob = new ShellJob()).Submit();
        Assert.Equal(JobViews.Shell, JobViews.Detail(story[1]).Command);
        Assert.Equal("true", JobViews.Detail(story[2]).Command);
    }

    [Fact]
    public void An_assigned_job_shows_the_reason_of_its_kill_or_of_its_last_attempt()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        Assert.Null(JobViews.ReasonOf(story[1].Phase));
        story.Do(batch => Decide.LoseNode(batch, "n1", false));
        story.Assign(1, "n2");
        Assert.Equal(ReasonCode.NodeLost, JobViews.ReasonOf(story[1].Phase)?.Code);
        story.Change(Change.Kill, 1);
        Assert.Equal(ReasonCode.KilledBy, JobViews.ReasonOf(story[1].Phase)?.Code);
    }

    [Fact]
    public void The_contents_of_files_are_not_shown()
    {
        var story = new JobStory().Submit(with: spec =>
        {
            spec.Stdin = ByteString.CopyFromUtf8("secret");
            spec.Data.Add(
                new Parameter
                {
                    Name = "f",
                    Value = "a.txt",
                    File = ByteString.CopyFromUtf8("secret"),
                }
            );
        });
        var shown = JobViews.Detail(story[1]).Spec;
        Assert.False(shown.HasStdin);
        Assert.False(shown.Data.Single().HasFile);
        Assert.Equal("a.txt", shown.Data.Single().Value);
        Assert.True(story[1].Slice.Spec.HasStdin);
    }

    [Fact]
    public void A_job_shows_its_dependents_with_its_segment()
    {
        var story = new JobStory()
            .Submit()
            .Submit(with: spec => spec.DependsOn.Add(new JidRange { First = 1, Last = 1 }));
        Assert.Equal([2L], JobViews.Detail(story[1], story.Segment).Dependents);
        Assert.Empty(JobViews.Detail(story[2], story.Segment).Dependents);
    }

    [Fact]
    public void A_deleted_job_keeps_when_it_ran()
    {
        var story = new JobStory().Submit().Run(1, new Exit());
        var before = JobViews.Detail(story[1]);
        story.Change(Change.Delete, 1);
        var after = JobViews.Detail(story[1]);
        Assert.Equal((before.Started, before.Finished), (after.Started, after.Finished));
    }

    [Fact]
    public void A_processing_and_an_ended_job_show_where_and_when_they_ran()
    {
        var story = new JobStory().Submit();
        story.Assign(1);
        Assert.Equal("n1", JobViews.Detail(story[1]).Node);
        story.Started(1);
        var running = JobViews.Detail(story[1]);
        Assert.Equal("n1", running.Node);
        Assert.True(running.Started > 0 && running.Finished == 0);
        story.Ended(1, new Exit { Code = 3 });
        var ended = JobViews.Detail(story[1]);
        Assert.Equal(("n1", 3), (ended.Node, ended.Exit.Code));
        Assert.True(ended.Finished > ended.Started);
    }
}
