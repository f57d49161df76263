#!/bin/bash
# scripts/plot-training: each picture is there in both formats, with the counts of the table.
# shellcheck source=tests/cli/support.sh
. "$(dirname "$0")/support.sh"
command -v gnuplot > /dev/null || skip "no gnuplot"
{
  echo "fold,epoch,loss,accuracy,validation_loss,validation_accuracy,seconds"
  for fold in 0 1; do
    for epoch in 1 2 3; do echo "$fold,$epoch,1.$fold,0.$((epoch + 4)),1.2,0.$((epoch + 5)),3"; done
  done
} > curves.csv
{
  echo "file,smear,fold,class,predicted,Benign,Early,Pre,Pro,logit_Benign,logit_Early,logit_Pre,logit_Pro"
  for i in $(seq 37); do echo "$i.jpg,a,0,Benign,Benign,0.7,0.1,0.1,0.1,2,0,0,0"; done
  for i in $(seq 13); do echo "$i.jpg,b,0,Pre,Early,0.1,0.6,0.2,0.1,0,1.8,0.7,0"; done
  for i in $(seq 5); do echo "$i.jpg,c,0,Pro,,0,0,0,0,0,0,0,0"; done
} > answers.csv

expect 0 "$top/scripts/plot-training" curves.csv answers.csv plots
for name in loss accuracy confusion reliability; do
  [[ $(head -c 4 "plots/$name.png" | tail -c 3) == PNG ]] || fail "$name.png"
  says "plots/$name.svg" "<svg"
done
for words in ">37<" ">13<" ">5<" "100.0 %" "no class"; do says plots/confusion.svg "$words"; done
says plots/reliability.svg ">37<"
grep -q ">5<" plots/reliability.svg && fail "images without an answer are in the reliability"
[ "$(ls plots | wc -l)" = 8 ] || fail "something was left behind"
cp plots/reliability.svg plain.svg
expect 0 "$top/scripts/plot-training" curves.csv answers.csv plots 0.5
cmp -s plain.svg plots/reliability.svg && fail "a temperature changes nothing"
expect 2 "$top/scripts/plot-training" curves.csv nowhere.csv plots
says err "nowhere.csv"
expect 2 "$top/scripts/plot-training"
expect 2 "$top/scripts/plot-comparison" plots
says err "comparison.csv"
