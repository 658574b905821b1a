'use strict';
(function () {
  var frame = document.getElementById('findings-table');
  var form = document.getElementById('findings-filter');
  if (!frame || !form) return;
  var table = frame.querySelector('table');
  var body = table.tBodies[0];
  var all = document.getElementById('findings-all');
  var count = document.getElementById('findings-count');
  var rows = Array.from(body.rows).map(function (row, place) {
    var article = document.getElementById(row.dataset.article);
    return {
      row: row,
      article: article,
      ranks: row.dataset.ranks.split(' ').map(Number).concat(place),
      words: (row.textContent + ' ' + article.textContent).toLowerCase()
    };
  });

  function filter() {
    var words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (one) {
      var data = one.row.dataset;
      var fits =
        (!form.elements.level.value || form.elements.level.value === data.level) &&
        (!form.elements.finding.value || form.elements.finding.value === data.finding) &&
        words.every(function (word) { return one.words.includes(word); });
      one.row.hidden = !fits;
      one.article.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    count.textContent = shown + ' of ' + rows.length + ' shown';
  }

  function sort(column, down) {
    var last = rows[0].ranks.length - 1;
    rows.slice().sort(function (a, b) {
      var order = a.ranks[column] - b.ranks[column];
      return (down ? -order : order) || a.ranks[last] - b.ranks[last];
    }).forEach(function (one) {
      body.appendChild(one.row);
      all.appendChild(one.article);
    });
  }

  // A link to what the filter hides leads there all the same.
  function reveal() {
    var target = rows.find(function (one) { return '#' + one.article.id === location.hash; });
    if (target && target.article.hidden) {
      form.reset();
      filter();
      target.article.scrollIntoView();
    }
  }

  var heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach(function (head, column) {
    var button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () {
      var down = head.getAttribute('aria-sort') === 'ascending';
      heads.forEach(function (other) { other.removeAttribute('aria-sort'); });
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      sort(column, down);
    });
  });

  form.addEventListener('input', filter);
  form.addEventListener('submit', function (event) { event.preventDefault(); });
  form.addEventListener('reset', function () { setTimeout(filter, 0); });
  addEventListener('hashchange', reveal);
  form.hidden = false;
  filter();
})();
